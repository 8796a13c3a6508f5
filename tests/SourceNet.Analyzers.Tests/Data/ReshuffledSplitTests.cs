using SourceNet.CodeFixes.Data;
using Check = SourceNet.Analyzers.Tests.Code<SourceNet.Analyzers.Data.ReshuffledSplit>;

namespace SourceNet.Analyzers.Tests.Data;

/// <summary>SN4007.</summary>
public class ReshuffledSplitTests
{
    private const string Parts = "return (shuffled.Take(80).ToList(), shuffled.Skip(80).ToList());";

    [Theory]
    [InlineData("{|SN4007:files.OrderBy(_ => random.Next())|}")]
    [InlineData("{|SN4007:files.OrderBy(_ => Random.Shared.NextDouble()).Select(file => file.Trim())|}")]
    [InlineData("{|SN4007:files.OrderBy(_ => seeded.Next())|}")]
    [InlineData("{|SN4007:files.OrderBy(_ => Guid.NewGuid())|}")]
    [InlineData("{|SN4007:files.OrderBy(_ => new Random().Next())|}")]
    [InlineData("{|SN4007:from file in files orderby random.Next() select file|}")]
    [InlineData("{|SN4007:Mixed(files)|}")]
    [InlineData("{|SN4007:Drawn(files)|}")]
    public Task It_fires_on_a_lazy_shuffle(string shuffled) => Check.Reports(Of($"var shuffled = {shuffled}; {Parts}"));

    [Theory]
    [InlineData("files.OrderBy(_ => random.Next()).ToList()")]
    [InlineData("files.OrderBy(_ => random.Next()).ToArray().Select(file => file.Trim())")]
    [InlineData("files.OrderBy(file => file.Length)")]
    [InlineData("files.OrderBy(_ => new Random(1).Next())")]
    [InlineData("Seeded(files)")]
    [InlineData("Listed(files)")]
    public Task A_sequence_that_stays_in_order_is_silent(string shuffled) => Check.IsSilent(Of($"var shuffled = {shuffled}; {Parts}"));

    [Theory]
    [InlineData("return (shuffled.Take(80).ToList(), []);")]
    [InlineData("return files.Length > 9 ? (shuffled.Take(80).ToList(), []) : ([], shuffled.Skip(80).ToList());")]
    [InlineData("if (files.Length > 9) { return (shuffled.Take(80).ToList(), []); } return ([], shuffled.Skip(80).ToList());")]
    [InlineData("var list = shuffled.ToList(); return (list.Take(80).ToList(), list.Skip(80).ToList());")]
    [InlineData("return (shuffled.Skip(80).Take(80).ToList(), []);")]
    public Task A_sequence_that_is_walked_once_is_silent(string parts) => Check.IsSilent(Of($"var shuffled = files.OrderBy(_ => random.Next()); {parts}"));

    [Fact]
    public Task The_message_names_the_sequence() => Check.Reports(
        Of($"var shuffled = {{|SN4007:files.OrderBy(_ => random.Next())|}}; {Parts}"),
        "'shuffled' is shuffled anew by each enumeration: Take and Skip see different orders, so that samples of one part are in the other too. Call "
            + "ToList() on it first.");

    [Theory]
    [InlineData("var", "files.OrderBy(_ => random.Next())", "files.OrderBy(_ => random.Next()).ToList()")]
    [InlineData("IEnumerable<string>", "files.OrderBy(_ => random.Next())", "files.OrderBy(_ => random.Next()).ToList()")]
    [InlineData("var", "from file in files orderby random.Next() select file", "(from file in files orderby random.Next() select file).ToList()")]
    public Task The_fix_shuffles_once(string type, string before, string after) =>
        Check.Fixes<ReshuffledSplitFix>(Of($"{type} shuffled = {{|SN4007:{before}|}}; {Parts}"), Of($"{type} shuffled = {after}; {Parts}"));

    [Theory]
    [InlineData("IOrderedEnumerable<string>", "")]
    [InlineData("var", "Console.WriteLine(shuffled.ThenBy(file => file).First());")]
    public Task No_fix_is_offered_where_a_list_does_not_fit(string type, string more) =>
        Check.OffersNoFix<ReshuffledSplitFix>(Of($"{type} shuffled = {{|SN4007:files.OrderBy(_ => random.Next())|}}; {more} {Parts}"));

    private static string Of(string body) =>
        $$"""
        class Split
        {
            (List<string>, List<string>) Of(string[] files, Random random)
            {
                var seeded = new Random(42);
                {{body}}
            }

            static IEnumerable<string> Drawn(string[] files) => files.OrderBy(_ => Random.Shared.Next());

            static IEnumerable<string> Listed(string[] files) => files.OrderBy(_ => Random.Shared.Next()).ToList();

            static IEnumerable<string> Mixed(string[] files)
            {
                var random = new Random();
                for (var i = 0; i < files.Length; i++)
                {
                    yield return files[random.Next(files.Length)];
                }
            }

            static IEnumerable<string> Seeded(string[] files)
            {
                var random = new Random(1);
                foreach (var file in files.OrderBy(_ => random.Next()))
                {
                    yield return file;
                }
            }
        }
        """;
}

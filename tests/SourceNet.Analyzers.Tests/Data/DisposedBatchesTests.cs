using Check = SourceNet.Analyzers.Tests.Code<SourceNet.Analyzers.Data.DisposedBatches>;

namespace SourceNet.Analyzers.Tests.Data;

/// <summary>SN4004.</summary>
public class DisposedBatchesTests
{
    [Theory]
    [InlineData("var all = {|SN4004:loader.ToList()|};")]
    [InlineData("var all = {|SN4004:loader.Take(3).ToArray()|};")]
    [InlineData("""var all = {|SN4004:loader.Select(batch => batch["data"]).ToList()|};""")]
    [InlineData("var all = {|SN4004:utils.data.DataLoader(data, 4, true).ToList()|};")]
    [InlineData("var all = new List<Dictionary<string, Tensor>>(); foreach (var batch in loader) { {|SN4004:all.Add(batch)|}; }")]
    [InlineData("""var all = new List<Tensor>(); foreach (var batch in loader) { {|SN4004:all.Add(batch["data"])|}; }""")]
    [InlineData("var kept = {|SN4004:_field.ToList()|};")]
    public Task It_fires_on_batches_in_a_list(string body) => Check.Reports(Of(body));

    [Theory]
    [InlineData("""var all = loader.Select(batch => batch["data"].sum().item<float>()).ToList();""")]
    [InlineData("""var all = loader.Select(batch => batch["data"].clone()).ToList();""")]
    [InlineData("var count = loader.ToList().Count;")]
    [InlineData("var all = keeping.ToList();")]
    [InlineData("var all = given.ToList();")]
    [InlineData("""var all = new List<Tensor>(); foreach (var batch in loader) { all.Add(batch["data"].clone()); }""")]
    [InlineData("""foreach (var batch in loader) { var parts = new List<Tensor>(); parts.Add(batch["data"]); cat(parts); }""")]
    [InlineData("""var parts = new List<Tensor>(); foreach (var batch in loader) { parts.Add(batch["data"]); cat(parts); parts.Clear(); }""")]
    [InlineData("var all = own.ToList();")]
    public Task Batches_that_live_are_silent(string body) => Check.IsSilent(Of(body));

    [Fact]
    public Task The_message_says_what_to_do() => Check.Reports(
        Of("var all = {|SN4004:loader.ToList()|};"),
        "The loader disposes each batch when it goes to the next: `loader.ToList()` keeps disposed tensors. Pass disposeBatch: false to the loader, or use "
            + "each batch inside the loop.");

    private static string Of(string body) =>
        $$"""
        class Samples(utils.data.Dataset data)
        {
            private readonly TorchSharp.Modules.DataLoader _field = new(data, 8);

            void Read(TorchSharp.Modules.DataLoader given, bool configured)
            {
                using var loader = utils.data.DataLoader(data, 4);
                using var keeping = new TorchSharp.Modules.DataLoader(data, 4, disposeBatch: configured);
                using var own = new TorchSharp.Modules.DataLoader<Dictionary<string, Tensor>, Tensor>(data, 4, (samples, device) => samples.First()["data"]);
                {{body}}
            }
        }
        """;
}

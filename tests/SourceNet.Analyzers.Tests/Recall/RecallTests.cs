using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace SourceNet.Analyzers.Tests.Recall;

/// <summary>Correct programs in which nothing is found, and the same programs with one mistake each, which is.</summary>
public partial class RecallTests
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "tests", "SourceNet.Analyzers.Tests", "Recall", "Programs");

    public static TheoryData<string> Programs => new(Directory.GetFiles(s_folder, "*.cs").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task A_correct_program_gets_no_warning(string file)
    {
        var program = Sources.Of(Read(file)).Generated();
        Assert.Empty(program.CompilerErrors());
        var warnings = new List<string>();
        foreach (var analyzer in Rules.Analyzers)
        {
            warnings.AddRange((await program.Analyze(analyzer)).Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).Select(diagnostic => diagnostic.ToString()));
        }

        Assert.Empty(warnings);
    }

    [Fact]
    public async Task The_share_of_mistakes_that_are_caught_is_what_the_docs_say()
    {
        var rows = new ConcurrentDictionary<Mutation, (int Mutants, int Caught)>();
        var missed = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(Mutation.All, async (mutation, _) =>
        {
            var (mutants, caught) = (0, 0);
            foreach (string file in Directory.GetFiles(s_folder, "*.cs").Select(path => Path.GetFileName(path)))
            {
                var original = Read(file);
                foreach (var mutant in mutation.Apply(original))
                {
                    mutants++;
                    if (await Count(mutation, mutant, file) > await Count(mutation, original, file))
                    {
                        caught++;
                    }
                    else
                    {
                        missed.Add($"{mutation.Rule} {mutation.Name}: {file}, {FirstDifference(original, mutant)}");
                    }
                }
            }

            rows[mutation] = (mutants, caught);
        });

        var table = new StringBuilder("| rule | mistake | mutants | caught |\n|---|---|---:|---:|\n");
        foreach (var mutation in Mutation.All)
        {
            table.Append($"| [{mutation.Rule}](rules/{mutation.Rule}.md) | {mutation.Name} | {rows[mutation].Mutants} | {rows[mutation].Caught} |\n");
        }

        table.Append($"| | all | {rows.Values.Sum(row => row.Mutants)} | {rows.Values.Sum(row => row.Caught)} |\n");
        var path = Path.Combine(Repository.Root, "docs", "recall.md");
        var text = File.ReadAllText(path).ReplaceLineEndings("\n");
        var current = Table().Replace(text, _ => $"<!-- table -->\n{table}<!-- /table -->");
        if (Environment.GetEnvironmentVariable("SOURCENET_ACCEPT") == "1")
        {
            File.WriteAllText(path, current);
            return;
        }

        Assert.True(current == text, "docs/recall.md is not current. Missed are\n" + string.Join("\n", missed.Order(StringComparer.Ordinal)));
    }

    /// <summary>How often the rules of a mutation fire on a program.</summary>
    private static async Task<int> Count(Mutation mutation, string program, string file)
    {
        var sources = Sources.Of(program).Generated();
        Assert.True(sources.CompilerErrors().Count == 0, $"{mutation.Name}, {file}: {string.Join(", ", sources.CompilerErrors())}\n{program}");
        string[] rules = [mutation.Rule, .. mutation.Or];
        var count = 0;
        foreach (var analyzer in rules.Select(Rules.Analyzer).Distinct())
        {
            count += (await sources.Analyze(analyzer)).Count(diagnostic => rules.Contains(diagnostic.Id));
        }

        return count;
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(s_folder, file)).ReplaceLineEndings("\n");

    private static string FirstDifference(string original, string mutant)
    {
        var (one, other) = (original.Split('\n'), mutant.Split('\n'));
        var line = Enumerable.Range(0, Math.Min(one.Length, other.Length)).First(i => one[i] != other[i]);
        return $"line {line + 1}: {one[line].Trim()}";
    }

    [GeneratedRegex("<!-- table -->.*<!-- /table -->", RegexOptions.Singleline)]
    private static partial Regex Table();
}

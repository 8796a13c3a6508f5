using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SourceNet.Analyzers.Tests.Recall;

/// <summary>Correct programs in which nothing is found, and the same programs with one mistake each, which is.</summary>
public partial class RecallTests
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "tests", "SourceNet.Analyzers.Tests", "Recall", "Programs");

    public static TheoryData<string> Programs => new(Files);

    private static IEnumerable<string> Files => Directory.GetFiles(s_folder, "*.cs").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task A_correct_program_gets_no_warning(string file)
    {
        var found = await Compile(Read(file), Rules.Analyzers);
        Assert.DoesNotContain(found, diagnostic => IsError(diagnostic) || (IsOfRules(diagnostic) && diagnostic.Severity >= DiagnosticSeverity.Warning));
    }

    [Fact]
    public async Task The_share_of_mistakes_that_are_caught_is_what_the_docs_say()
    {
        var originals = Files.ToDictionary(
            file => file,
            file => (Text: Read(file), Found: new Lazy<Task<IReadOnlyList<Diagnostic>>>(() => Compile(Read(file), Rules.Analyzers))));
        var mutants = Mutation.All.SelectMany(
            mutation =>
                originals.SelectMany(original => mutation.Apply(original.Value.Text).Select(text => (Mutation: mutation, File: original.Key, Text: text))))
            .ToList();
        var results = new ConcurrentBag<(Mutation Mutation, bool IsCaught)>();
        var missed = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(mutants, async (mutant, _) =>
        {
            var (mutation, file, text) = mutant;
            var original = originals[file];
            var found = await Compile(text, mutation.Rules.Select(Rules.Analyzer).Distinct());
            Assert.True(!found.Any(IsError), $"{mutation.Name}, {file}: {string.Join(", ", found.Where(IsError))}\n{text}");
            var isCaught = Count(mutation, found) > Count(mutation, await original.Found.Value);
            results.Add((mutation, isCaught));
            if (!isCaught)
            {
                missed.Add($"{mutation.Rule} {mutation.Name}: {file}, {FirstDifference(original.Text, text)}");
            }
        });

        var rows = results.GroupBy(result => result.Mutation)
            .ToDictionary(group => group.Key, group => (Mutants: group.Count(), Caught: group.Count(result => result.IsCaught)));
        Assert.Empty(Mutation.All.Where(mutation => !rows.ContainsKey(mutation)).Select(mutation => mutation.Name));
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

    /// <summary>What the compiler and the analyzers say of a program. Only a declared model has something generated.</summary>
    private static Task<IReadOnlyList<Diagnostic>> Compile(string program, IEnumerable<DiagnosticAnalyzer> analyzers)
    {
        var sources = Sources.Of(program);
        return (program.Contains("[Model", StringComparison.Ordinal) ? sources.Generated() : sources).Compile(analyzers);
    }

    /// <summary>How often the rules of a mutation fire.</summary>
    private static int Count(Mutation mutation, IReadOnlyList<Diagnostic> found) => found.Count(diagnostic => mutation.Rules.Contains(diagnostic.Id));

    private static bool IsOfRules(Diagnostic diagnostic) => diagnostic.Id.StartsWith("SN", StringComparison.Ordinal);

    private static bool IsError(Diagnostic diagnostic) => !IsOfRules(diagnostic) && diagnostic.Severity == DiagnosticSeverity.Error;

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

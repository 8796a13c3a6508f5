using System.Text.RegularExpressions;

namespace SourceNet.Analyzers.Tests;

/// <summary>The sample of a program that was not written with the rules.</summary>
public partial class RetrofitTests
{
    private static readonly string s_sample = Path.Combine(Repository.Root, "samples", "Retrofit");

    [Fact]
    public async Task Exactly_what_its_README_lists_is_found_in_it()
    {
        var documented = Row().Matches(File.ReadAllText(Path.Combine(s_sample, "README.md"))).Select(row => $"{row.Groups[1].Value} {row.Groups[2].Value}");
        Assert.Equal(documented, await Found("Before"));
    }

    [Fact]
    public async Task Its_fixed_twin_keeps_only_what_the_README_leaves_as_it_is() =>
        Assert.Equal(["DigitNet.cs:19 SN3005", "Trainer.cs:11 SN2004"], await Found("After"));

    /// <summary>What the rules say that an editor shows, in the order of files and lines.</summary>
    private static async Task<List<string>> Found(string variant)
    {
        var files = new[] { variant, "Data" }.SelectMany(folder => Directory.GetFiles(Path.Combine(s_sample, folder), "*.cs"))
            .Select(path => (Path.GetFileName(path), File.ReadAllText(path)));
        var sources = Sources.Of([("Usings.g.cs", "global using System.IO;"), .. files]);
        Assert.Empty(sources.CompilerErrors());
        var found = new List<(string File, int Line, string Id)>();
        foreach (var analyzer in Rules.Analyzers)
        {
            found.AddRange(from diagnostic in await sources.Analyze(analyzer)
                           where diagnostic.Severity != Microsoft.CodeAnalysis.DiagnosticSeverity.Hidden
                           let line = diagnostic.Location.GetLineSpan()
                           select (line.Path, line.StartLinePosition.Line + 1, diagnostic.Id));
        }

        return [.. found.Order(
            Comparer<(string File, int Line, string Id)>.Create(
                (one, other) => (FileOrder(one.File), one.Line, one.Id).CompareTo((FileOrder(other.File), other.Line, other.Id))))
            .Select(one => $"{one.File}:{one.Line} {one.Id}")];
    }

    /// <summary>The network, its training, its use.</summary>
    private static int FileOrder(string file) => Array.IndexOf(["DigitNet.cs", "Trainer.cs", "Recognizer.cs"], file);

    [GeneratedRegex(@"^\| (\w+\.cs:\d+) \| \[(SN\d{4})\]", RegexOptions.Multiline)]
    private static partial Regex Row();
}

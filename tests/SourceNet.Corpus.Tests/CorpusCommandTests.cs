using System.Text.Json;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SourceNet.Corpus.Tests;

public sealed class CorpusCommandTests : IDisposable
{
    private const string Coupled = """
        using TorchSharp;

        class Training
        {
            object Optimizer(torch.nn.Module model) =>
                torch.optim.Adam(model.parameters(), weight_decay: 0.01);
        }
        """;

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_rule_that_ships_is_found_with_its_file_line_message_and_source()
    {
        _folder.With("deep/Training.cs", Coupled);

        var (exitCode, output, _) = await Run([_folder.Path]);

        Assert.Equal(0, exitCode);
        Assert.Contains("deep/Training.cs:6: warning SN2001: Adam adds weight_decay to the gradient", output);
        Assert.Contains("    torch.optim.Adam(model.parameters(), weight_decay: 0.01);", output);
    }

    [Fact]
    public async Task Missing_references_are_tolerated_and_counted()
    {
        _folder.With("Training.cs", "using No.Such.Package;\n" + Coupled);

        var tree = await Json([_folder.Path]);

        Assert.Equal(1, tree.GetProperty("compileErrors").GetInt32());
        Assert.Contains("SN2001", RulesOf(tree));
    }

    [Fact]
    public async Task Only_the_rules_that_are_asked_for_are_shown()
    {
        _folder.With("A.cs", "class A { }");

        Assert.Equal(["T1", "T2"], RulesOf(await Json([_folder.Path], new ClassAnalyzer())));
        Assert.Equal(["T2"], RulesOf(await Json([_folder.Path, "--rule", "T2"], new ClassAnalyzer(), new CrashingAnalyzer())));
    }

    [Fact]
    public async Task A_crash_is_shown_with_its_stack_and_the_other_rules_still_run()
    {
        _folder.With("A.cs", "class A { }");

        var (exitCode, output, _) = await Run([_folder.Path], new ClassAnalyzer(), new CrashingAnalyzer());

        Assert.Equal(3, exitCode);
        Assert.Contains("A.cs:1: hidden T1: A class 'A'", output);
        Assert.Contains("CrashingAnalyzer crashed", output);
        Assert.Contains("System.NotSupportedException: Cannot look at A", output);
        Assert.Contains($"at {typeof(CrashingAnalyzer).FullName}", output);
        Assert.DoesNotContain("AD0001", output);
    }

    [Fact]
    public async Task Counts_are_given_for_each_tree()
    {
        _folder.With("one/A.cs", "class A { }\nclass B { }").With("two/A.cs", "class A { }").With("three/Empty.cs", "");
        string[] paths = [Path.Combine(_folder.Path, "one"), Path.Combine(_folder.Path, "two"), Path.Combine(_folder.Path, "three")];

        var (_, output, _) = await Run([.. paths, "--rule", "T1"], new ClassAnalyzer());

        Assert.Matches(@"\| T1 +\| +Hidden \| +3 \| one 2, two 1 +\|", output);
        Assert.Matches(@"\| one +\| +1 \| +1 \| +2 \| +0 \| +0 \| +2 \| +0 \|", output);
    }

    [Fact]
    public async Task Timing_shows_each_analyzer_and_its_share()
    {
        _folder.With("A.cs", "class A { }");

        var (_, output, _) = await Run([_folder.Path, "--timing"], new ClassAnalyzer());

        Assert.Matches(@"\| ClassAnalyzer +\| +\d+\.\d \| +\d+\.\d\d % \|", output);
        Assert.Contains("compiling without analyzers", output);
        Assert.True((await Json([_folder.Path, "--timing"], new ClassAnalyzer())).GetProperty("timing").GetProperty("compileSeconds").GetDouble() > 0);
        Assert.False((await Json([_folder.Path], new ClassAnalyzer())).TryGetProperty("timing", out _));
    }

    [Fact]
    public async Task The_file_of_results_replaces_an_older_one_and_leaves_nothing_beside_it()
    {
        _folder.With("results/results.json", "old").With("A.cs", "class A { }");

        await Json([_folder.Path], new ClassAnalyzer());

        Assert.Equal(["results.json"], Directory.GetFiles(Path.Combine(_folder.Path, "results")).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("There is no folder 'nowhere'.", "nowhere")]
    [InlineData("There is no rule 'SN9999'.", ".", "--rule", "SN9999")]
    [InlineData("There is no folder for the file 'nowhere/results.json'.", ".", "--json", "nowhere/results.json")]
    [InlineData("--fast", ".", "--fast")]
    [InlineData("Required argument missing")]
    public async Task A_wrong_command_line_is_explained(string message, params string[] arguments)
    {
        var (exitCode, output, error) = await Run(arguments);

        Assert.Equal(2, exitCode);
        Assert.Contains(message, error);
        Assert.Empty(output);
    }

    private static async Task<(int ExitCode, string Output, string Error)> Run(string[] arguments, params DiagnosticAnalyzer[] analyzers)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = analyzers.Length == 0
            ? await CorpusCommand.RunAsync(arguments, output, error)
            : await CorpusCommand.RunAsync(arguments, analyzers, output, error);
        return (exitCode, output.ToString(), error.ToString());
    }

    /// <summary>The results for the one tree.</summary>
    private async Task<JsonElement> Json(string[] arguments, params DiagnosticAnalyzer[] analyzers)
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder.Path, "results")).FullName, "results.json");
        await Run([.. arguments, "--json", path], analyzers);
        return JsonDocument.Parse(await File.ReadAllTextAsync(path)).RootElement.GetProperty("trees").EnumerateArray().Single();
    }

    private static IEnumerable<string> RulesOf(JsonElement tree) =>
        tree.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("rule").GetString()!);
}

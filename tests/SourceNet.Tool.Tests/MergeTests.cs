using System.Text.Json;
using SourceNet.Tool.Findings;

namespace SourceNet.Tool.Tests;

/// <summary>What the compiler writes is tried in the tests of the packages; here are the files of several projects.</summary>
public sealed class MergeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_several_projects_found_is_one_report()
    {
        var code = folder.Write("Größe.cs", "namespace Demo;\nclass Net\n{\n    void Run()\n    {\n        net.call(x);\n    }\n}\n");
        Write("A.sarif", Result("SN1001", "warning", code, 6, 9), Result("CA1822", "note", code, 4, 10));
        Write(
            "B.sarif",
            Result("SN1001", "warning", code, 6, 9),
            Result("SN2001", "note", code, 6, 9, "\"suppressions\": [ { \"kind\": \"inSource\", \"justification\": \"measured\" } ],"));

        var (exit, output, errors) = await Run.SourcenetAsync("merge", folder.Path, "--root", folder.Path, "--json", folder.File("out.json"));

        Assert.Equal((ExitCode.Findings, ""), (exit, errors));
        Assert.Contains("2 projects, 0 models; 1 new finding that fails, 0 below, 0 known, 1 suppressed", output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(folder.File("out.json")));
        var finding = json.RootElement.GetProperty("findings")[0];
        Assert.Equal("Größe.cs", finding.GetProperty("path").GetString());
        Assert.Equal(["A", "B"], finding.GetProperty("projects").EnumerateArray().Select(project => project.GetString()));
        // As an audit would name it, so that both share a baseline.
        Assert.Equal(new Fingerprints().Next("SN1001", "Größe.cs", "Demo.Net.Run", "net.call(x);"), finding.GetProperty("fingerprint").GetString());
    }

    [Fact]
    public async Task A_file_that_has_changed_or_gone_since_is_no_error()
    {
        Write(
            "A.sarif",
            Result("SN1001", "warning", folder.Write("Short.cs", "class C;"), 60, 9),
            Result("SN1001", "warning", folder.File("Short.cs"), 0, -7),
            Result("SN1001", "warning", folder.File("Gone.cs"), 1, 1));

        Assert.Equal((ExitCode.Findings, ""), await MergeAsync());
    }

    [Theory]
    [InlineData("{ \"version\": \"1.0.0\" }", "expected SARIF 2.1.0 of the compiler, found another file; ErrorLog must end in ,version=2.1")]
    [InlineData("[]", "expected SARIF 2.1.0 of the compiler, found another file")]
    [InlineData("{ \"version\": \"2.1.0\" }", "expected SARIF 2.1.0 of the compiler, found: ")]
    [InlineData("{ \"version\": \"2.1.0\", \"runs\": [ { \"results\": [ { \"ruleId\": \"SN1001\" } ] } ] }", "expected SARIF 2.1.0 of the compiler, found: ")]
    [InlineData(
        "{ \"version\": \"2.1.0\", \"runs\": [ { \"results\": [ { \"ruleId\": \"SN1001\", \"message\": { \"text\": \"\" }, \"locations\": [ { "
            + "\"physicalLocation\": { \"artifactLocation\": { \"uri\": null } } } ] } ] } ] }",
        "expected SARIF 2.1.0 of the compiler, found: ")]
    [InlineData("{", "expected SARIF 2.1.0 of the compiler, found: ")]
    public async Task A_file_of_something_else_is_named(string text, string problem)
    {
        folder.Write("A.sarif", text);

        var (code, errors) = await MergeAsync();

        Assert.Equal(ExitCode.Usage, code);
        Assert.StartsWith($"error: {folder.File("A.sarif")}: {problem}", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_files_is_no_green_pass()
    {
        var (code, errors) = await MergeAsync();

        Assert.Equal(
            (
                ExitCode.Usage,
                $"error: {folder.Path}: expected a SARIF file of the compiler or a folder with some, found none; build with -p:SourceNetSarif=FOLDER first\n"),
            (code, errors.ReplaceLineEndings("\n")));
    }

    private async Task<(ExitCode, string)> MergeAsync()
    {
        var (code, _, errors) = await Run.SourcenetAsync("merge", folder.Path, "--root", folder.Path);
        return (code, errors);
    }

    private void Write(string name, params string[] results) =>
        folder.Write(name, $$"""{ "version": "2.1.0", "runs": [ { "tool": {}, "results": [ {{string.Join(", ", results)}} ] } ] }""");

    private static string Result(string rule, string level, string path, int line, int column, string more = "") => $$"""
        { "ruleId": "{{rule}}", "level": "{{level}}", {{more}} "message": { "text": "What is wrong." },
          "locations": [ { "physicalLocation": { "artifactLocation": { "uri": "{{new Uri(path).AbsoluteUri}}" }, "region": { "startLine": {{line}}, "startColumn": {{column}}, "endLine": {{line}}, "endColumn": {{column + 3}} } } } ] }
        """;
}

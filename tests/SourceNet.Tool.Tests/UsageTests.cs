using SourceNet.Tool.Commands;
using SourceNet.Tool.Findings;

namespace SourceNet.Tool.Tests;

public sealed class UsageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("audit", "--nope")]
    [InlineData("audit", ".", "--fail-on", "disaster")]
    [InlineData("nope")]
    [InlineData("explain")]
    [InlineData("merge")]
    [InlineData("merge", "logs", "--root", "")]
    [InlineData("diff", "a.json")]
    public async Task A_wrong_command_line_is_2(params string[] arguments)
    {
        var (code, _, errors) = await Run.SourcenetAsync(arguments);

        Assert.Equal(ExitCode.Usage, code);
        Assert.NotEqual("", errors);
    }

    [Fact]
    public async Task A_mistake_of_the_tool_itself_is_3_and_never_looks_like_findings()
    {
        using var errors = new StringWriter();

        var code = await CommandLine.GuardAsync(errors, () => throw new InvalidOperationException("the reason"));

        Assert.Equal((int)ExitCode.AnalysisFailed, code);
        Assert.StartsWith(
            "error: sourcenet itself failed, which says nothing about the code. Please report this:",
            errors.ToString(),
            StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException: the reason", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_that_means_nothing_is_named()
    {
        Assert.Contains("expected a solution or a C# project in this folder, found none", await ErrorAsync(_folder.Path));
        Assert.Contains("nope: expected a solution, a C# project or a folder, found nothing", await ErrorAsync(_folder.File("nope")));
        Assert.Contains(
            "expected a solution (.sln, .slnx), a C# project (.csproj) or a folder, found another file",
            await ErrorAsync(_folder.Write("a.txt", "")));
        _folder.Write("A.csproj", "");
        _folder.Write("B.csproj", "");
        Assert.Contains("expected one solution or project, found A.csproj, B.csproj: say which", await ErrorAsync(_folder.Path));
    }

    [Theory]
    [InlineData("{ \"version\": 1, \"findings\": [ }", "baseline.json(1,31): ")]
    [InlineData("{ \"version\": 2, \"findings\": [] }", "expected a baseline of version 1 with findings, found version 2")]
    [InlineData("null", "expected a baseline of version 1 with findings, found null")]
    public async Task A_bad_baseline_is_named_before_anything_is_loaded(string text, string problem)
    {
        var (code, _, errors) = await Run.SourcenetAsync("audit", _folder.Write("A.csproj", ""), "--baseline", _folder.Write("baseline.json", text));

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(problem, errors);
    }

    [Fact]
    public async Task A_rule_is_explained()
    {
        var (code, output, _) = await Run.SourcenetAsync("explain", "sn1001");

        Assert.Equal(ExitCode.Clean, code);
        Assert.StartsWith("# SN1001: ", output);
        Assert.Contains("SN9999: expected a rule from SN1001 to SN9001", (await Run.SourcenetAsync("explain", "SN9999")).Errors);
    }

    [Fact]
    public void Every_rule_has_a_page() => Assert.All(Rules.Descriptors, rule => Assert.StartsWith($"# {rule.Id}: ", Rules.Page(rule.Id)));

    private static async Task<string> ErrorAsync(string path)
    {
        var (code, _, errors) = await Run.SourcenetAsync("audit", path);
        Assert.Equal(ExitCode.Usage, code);
        return errors;
    }
}

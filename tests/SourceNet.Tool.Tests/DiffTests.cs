using SourceNet.Tool.Comparison;
using SourceNet.Tool.Findings;
using SourceNet.Tool.Formats;
using SourceNet.Tool.Inventory;

namespace SourceNet.Tool.Tests;

public sealed class DiffTests : IDisposable
{
    private static readonly ModelEntry s_net = new(
        "Demo.Net", "declared", "Net.cs", 3, true, "[4]", "[2]", "10",
        [new("one.linear", "Linear", "4 -> 2", "[2]", "10", "", null)],
        [new("one.dropout", "Dropout", "0.3", "explicit"), new("one.linear.weight", "WeightDecay", "0.01", "default")],
        [new("weight decay", "8")]);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_was_added_removed_and_changed_is_shown_for_each_model()
    {
        var older = Write("old.json", [s_net, s_net with { Name = "Demo.Old" }], Finding("a"), Finding("b"));
        var newer = Write(
            "new.json",
            [
                s_net with
                {
                    Line = 30,
                    Parameters = "12",
                    Layers = [new("one.linear", "Linear", "5 -> 2", "[2]", "12", "", null)],
                    Regularization = [new("one.dropout", "Dropout", "0.5", "explicit"), new("objective", "LabelSmoothing", "0.1", "explicit")],
                },
                s_net with { Name = "Demo.New" },
            ],
            Finding("b"),
            Finding("c"),
            Finding("d") with { Suppression = "" });

        var (code, output, _) = await Run.SourcenetAsync("diff", older, newer, "--markdown", folder.File("diff.md"), "--exit-code");

        Assert.Equal(ExitCode.Findings, code);
        Assert.Equal(
            """
            + Demo.New  declared, Net.cs:3
                + one.dropout Dropout: 0.3 (explicit)
                + one.linear.weight WeightDecay: 0.01 (default)
            - Demo.Old  declared, Net.cs:3
            ~ Demo.Net  Net.cs:30
                ~ parameters: 10 -> 12
                ~ one.dropout Dropout: 0.3 (explicit) -> 0.5 (explicit)
                + objective LabelSmoothing: 0.1 (explicit)
                - one.linear.weight WeightDecay: 0.01 (default)
                ~ layer one.linear: Linear 4 -> 2 -> Linear 5 -> 2
            + a.cs(1,2): warning SN1001: c
            - a.cs(1,2): warning SN1001: a

            """.ReplaceLineEndings("\n"),
            output);
        var markdown = await File.ReadAllTextAsync(folder.File("diff.md"));
        Assert.Contains("| one.dropout Dropout | 0.3 (explicit) | 0.5 (explicit) |", markdown, StringComparison.Ordinal);
        Assert.Contains("### New findings\n\n| rule | place | what |\n|---|---|---|\n| SN1001 | a.cs:1 | c |", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_equal_audits_have_no_difference()
    {
        var report = Write("a.json", [s_net], Finding("a"));

        Assert.Equal((ExitCode.Clean, "Nothing changed.\n", ""), await Run.SourcenetAsync("diff", report, report, "--exit-code"));
    }

    [Fact]
    public void Regularizers_of_one_name_are_compared_in_their_order()
    {
        var before = s_net with { Regularization = [new("", "Dropout", "0.1", "code"), new("", "Dropout", "0.2", "code")] };
        var after = s_net with { Regularization = [new("", "Dropout", "0.1", "code"), new("", "Dropout", "0.4", "code")] };

        var change = Assert.Single(AuditDifference.Of(Report([before]), Report([after])).Changed);

        Assert.Equal([new(" Dropout", "0.2 (code)", "0.4 (code)")], change.Lines);
    }

    [Fact]
    public void Another_default_argument_is_another_strength()
    {
        var before = s_net with { Regularization = [new("hidden.dropout", "Dropout", "dropout", "explicit", 0.5)] };
        var after = s_net with { Regularization = [new("hidden.dropout", "Dropout", "dropout", "explicit", 0.3)] };

        var change = Assert.Single(AuditDifference.Of(Report([before]), Report([after])).Changed);

        Assert.Equal([new("hidden.dropout Dropout", "dropout (0.5 by default) (explicit)", "dropout (0.3 by default) (explicit)")], change.Lines);
    }

    [Theory]
    [InlineData("{ \"version\": 2 }", "expected a report of sourcenet audit --json, version 1, found another file")]
    [InlineData("{ \"version\": ", "(1,")]
    public async Task A_file_that_is_no_report_is_named(string text, string problem)
    {
        var file = folder.Write("bad.json", text);

        var (code, _, errors) = await Run.SourcenetAsync("diff", file, file);

        Assert.Equal(ExitCode.Usage, code);
        Assert.StartsWith($"error: {file}", errors, StringComparison.Ordinal);
        Assert.Contains(problem, errors, StringComparison.Ordinal);
    }

    private string Write(string name, ModelEntry[] models, params Finding[] findings)
    {
        File.WriteAllBytes(folder.File(name), JsonFormat.Of(Report(models, findings)));
        return folder.File(name);
    }

    private static AuditReport Report(ModelEntry[] models, params Finding[] findings) =>
        new(1, "1.0.0", "Demo.sln", ["Demo"], models, AuditReport.Flatten(models), findings, [.. findings.Select(finding => finding.Fingerprint)], [], []);

    private static Finding Finding(string fingerprint) =>
        new("SN1001", Severity.Warning, fingerprint, "a.cs", 1, 2, 1, 3, "Demo.Net", "", [], null, fingerprint);
}

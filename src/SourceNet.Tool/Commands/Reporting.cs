using System.Text.Json;
using SourceNet.Tool.Baselines;
using SourceNet.Tool.Findings;
using SourceNet.Tool.Formats;
using SourceNet.Tool.Inventory;
using Spectre.Console;

namespace SourceNet.Tool.Commands;

/// <summary>The end of every command that finds something: baseline, console, files, exit code.</summary>
internal static class Reporting
{
    /// <exception cref="ToolException">A file cannot be written.</exception>
    public static ExitCode Write(
        ReportSettings settings,
            IAnsiConsole console,
            string target,
            IReadOnlyList<string> projects,
            IReadOnlyList<ModelEntry> models,
            IReadOnlyList<Finding> findings,
            Baseline? baseline)
    {
        var (fresh, absent, expired) = (baseline ?? new Baseline(1, [])).Compare(findings, DateOnly.FromDateTime(DateTime.UtcNow));
        var report = new AuditReport(
            1,
            typeof(Reporting).Assembly.GetName().Version!.ToString(3),
            target,
            projects,
            models,
            AuditReport.Flatten(models),
            findings,
            [.. fresh.Select(finding => finding.Fingerprint)],
            absent,
            expired);
        var failOn = settings.FailOn ?? Severity.Error + 1;
        ConsoleFormat.Write(console, report, failOn);
        foreach (var (format, path) in settings.Outputs)
        {
            OutputFile.Write(path, format switch
            {
                "json" => JsonFormat.Of(report),
                "sarif" => SarifFormat.Of(report),
                "markdown" => MarkdownFormat.Of(report, failOn),
                "html" => HtmlFormat.Of(report, failOn),
                _ => JUnitFormat.Of(report, failOn),
            });
        }

        if (settings.WriteBaseline is { } file)
        {
            OutputFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(Baseline.Of(findings, baseline), ToolJson.Default.Baseline));
            return ExitCode.Clean;
        }

        return report.NewFrom(failOn).Any() ? ExitCode.Findings : ExitCode.Clean;
    }
}

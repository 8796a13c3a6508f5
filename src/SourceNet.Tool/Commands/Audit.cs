using System.Text.Json;
using SourceNet.Tool.Baselines;
using SourceNet.Tool.Findings;
using SourceNet.Tool.Formats;
using SourceNet.Tool.Inventory;
using SourceNet.Tool.Loading;
using Spectre.Console;

namespace SourceNet.Tool.Commands;

/// <summary><c>sourcenet audit</c>: loads, analyzes, compares with the baseline, writes every format.</summary>
internal static class Audit
{
    /// <exception cref="ToolException">Something that the user has to know.</exception>
    /// <exception cref="OperationCanceledException">Ctrl+C.</exception>
    public static async Task<ExitCode> RunAsync(AuditSettings settings, IAnsiConsole console, CancellationToken cancellation)
    {
        var file = SolutionLoader.Find(settings.Path);
        var root = Path.GetDirectoryName(file)!;
        var before = settings.Baseline is { } known ? Baseline.Read(known) : null;
        var projects = await SolutionLoader.LoadAsync(file, settings.Configuration, cancellation);
        var findings = await Auditor.RunAsync(projects, root, cancellation);
        var models = InventoryReader.Read(projects, root, cancellation);
        var (fresh, absent, expired) = (before ?? new Baseline(1, [])).Compare(findings, DateOnly.FromDateTime(DateTime.UtcNow));
        var report = new AuditReport(
            1,
            typeof(Audit).Assembly.GetName().Version!.ToString(3),
            Path.GetFileName(file),
            [.. projects.Select(project => project.Name)],
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
                _ => JUnitFormat.Of(report, failOn),
            });
        }

        if (settings.WriteBaseline is { } baseline)
        {
            OutputFile.Write(baseline, JsonSerializer.SerializeToUtf8Bytes(Baseline.Of(findings, before), ToolJson.Default.Baseline));
            return ExitCode.Clean;
        }

        return report.NewFrom(failOn).Any() ? ExitCode.Findings : ExitCode.Clean;
    }
}

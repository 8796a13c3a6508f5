using System.Globalization;
using SourceNet.Tool.Findings;
using Spectre.Console;

namespace SourceNet.Tool.Formats;

/// <summary>What a person reads in a terminal or in the log of a CI run.</summary>
internal static class ConsoleFormat
{
    public static void Write(IAnsiConsole console, AuditReport report, Severity failOn)
    {
        foreach (var model in report.Models)
        {
            console.MarkupLineInterpolated(
                CultureInfo.InvariantCulture,
                $"[bold]{model.Name}[/]  {model.Kind}, {model.Path}:{model.Line}{(model.Parameters is { } count ? $", {count} parameters" : "")}");
            foreach (var entry in model.Regularization)
            {
                Line(console, $"  {entry.Where}  {entry.Kind} {entry.StrengthText()}  {entry.Provenance}");
            }

            if (model.Regularization.Count == 0)
            {
                Line(console, "  nothing regularizes it, as far as its code says");
            }
        }

        var shown = report.NewFrom(Severity.Info).ToList();
        if (shown.Count > 0)
        {
            console.WriteLine();
        }

        foreach (var finding in shown)
        {
            var color = finding.Severity switch { Severity.Error => "red", Severity.Warning => "yellow", _ => "blue" };
            var (place, severity) = ($"{finding.Path}({finding.Line},{finding.Column})", finding.Severity.ToString().ToLowerInvariant());
            console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{place}: [{color}]{severity} {finding.Rule}[/]: {finding.Message}");
            if (finding.Code.Length > 0)
            {
                Line(console, $"    {finding.Code}");
            }
        }

        console.WriteLine();
        Line(console, report.Summary(failOn));
        foreach (var entry in report.Expired)
        {
            Line(console, string.Create(CultureInfo.InvariantCulture, $"expired on {entry.Expires:yyyy-MM-dd}: {entry.Rule} in {entry.Path} {entry.Member}"));
        }

        if (report.Absent.Count > 0)
        {
            Line(
                console,
                string.Create(CultureInfo.InvariantCulture, $"{report.Absent.Count} entries of the baseline are gone: write it anew with --write-baseline"));
        }
    }

    /// <summary>One line, however long: a log wraps nothing.</summary>
    private static void Line(IAnsiConsole console, string text) => console.WriteLine(text);
}

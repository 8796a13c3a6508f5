using System.Globalization;
using System.Text;
using SourceNet.Tool.Findings;

namespace SourceNet.Tool.Formats;

/// <summary>A summary for a pull request or a job page.</summary>
internal static class MarkdownFormat
{
    /// <summary>Job summaries of GitHub end at 1 MiB.</summary>
    private const int MostBytes = 1_000_000;

    public static byte[] Of(AuditReport report, Severity failOn)
    {
        var text = new StringBuilder();
        var failing = report.NewFrom(failOn).ToList();
        text.Append(CultureInfo.InvariantCulture, $"## SourceNet audit of {Escape(report.Target)}\n\n");
        text.Append(failing.Count == 0 ? "Nothing new to look at.\n" : string.Create(CultureInfo.InvariantCulture, $"**{failing.Count} new.**\n"));
        AppendFindings(text, "New", failing);
        AppendFindings(text, "Below the wanted severity", [.. report.NewFrom(Severity.Info).Except(failing)]);
        if (report.Absent.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{report.Absent.Count} entries of the baseline are gone: write it anew with `--write-baseline`.\n");
        }

        text.Append("\n### Models\n");
        foreach (var model in report.Models)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"\n**{Escape(model.Name)}** ({model.Kind}, "
                    + $"{Escape(model.Path)}:{model.Line}{(model.Parameters is { } count ? $", {count} parameters" : "")})\n\n");
            if (model.Regularization.Count == 0)
            {
                text.Append("Nothing regularizes it, as far as its code says.\n");
                continue;
            }

            text.Append("| where | regularizer | strength | who says so |\n|---|---|---|---|\n");
            foreach (var entry in model.Regularization)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {Escape(entry.Where)} | {entry.Kind} | {Escape(entry.StrengthText())} | {entry.Provenance} |\n");
            }
        }

        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        return bytes.Length <= MostBytes ? bytes : [.. Cut(bytes), .. "\n\nThe rest is left out: it would be more than the page takes.\n"u8];
    }

    private static void AppendFindings(StringBuilder text, string title, IReadOnlyList<Finding> findings)
    {
        if (findings.Count == 0)
        {
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"\n### {title}\n\n| rule | place | what |\n|---|---|---|\n");
        foreach (var finding in findings)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {finding.Rule} | {Escape(finding.Path)}:{finding.Line} | {Escape(finding.Message)} |\n");
        }
    }

    /// <summary>Whole lines only.</summary>
    private static ReadOnlySpan<byte> Cut(byte[] bytes) => bytes.AsSpan(0, bytes.AsSpan(0, MostBytes).LastIndexOf((byte)'\n'));

    public static string Escape(string text) =>
        text.Replace("\\", "\\\\").Replace("|", "\\|").Replace("<", "&lt;").Replace("*", "\\*").Replace("_", "\\_").Replace('\n', ' ');
}

using System.Globalization;
using System.Net;
using System.Text;
using SourceNet.Tool.Findings;
using SourceNet.Tool.Inventory;

namespace SourceNet.Tool.Formats;

/// <summary>One file to open in a browser or to keep as an artifact: no script, nothing from elsewhere.</summary>
internal static class HtmlFormat
{
    private const string Style = """
        :root { color-scheme: light dark; --line: #8884; --error: #d1242f; --warning: #b35900; --info: #0969da; }
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 2rem auto; padding: 0 1rem; }
        table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; }
        th, td { border-bottom: 1px solid var(--line); padding: .25rem .6rem .25rem 0; text-align: left; vertical-align: top; overflow-wrap: break-word; }
        td code { white-space: pre-wrap; } td:first-child, td:nth-child(2) { min-width: 5rem; }
        code { font: 13px/1.4 ui-monospace, monospace; }
        summary { cursor: pointer; padding: .3rem 0; font-weight: 600; }
        details details { margin-left: 1.2rem; } details details summary { font-weight: 400; }
        .number { text-align: right; white-space: nowrap; } .quiet { opacity: .7; }
        .error { color: var(--error); } .warning { color: var(--warning); } .info { color: var(--info); }
        """;

    public static byte[] Of(AuditReport report, Severity failOn)
    {
        var failing = report.NewFrom(failOn).ToList();
        var below = report.NewFrom(Severity.Info).Except(failing).ToList();
        var known = report.Findings.Where(finding => finding.IsActive && !report.IsNew(finding)).ToList();
        var suppressed = report.Findings.Where(finding => !finding.IsActive).ToList();
        var html = new StringBuilder();
        html.Append(
            CultureInfo.InvariantCulture,
            $"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
                + $"content=\"width=device-width\">\n<title>SourceNet audit of {Text(report.Target)}</title>\n<style>\n{Style}\n</style>\n</head>\n<body>\n");
        html.Append(CultureInfo.InvariantCulture, $"<h1>SourceNet audit of {Text(report.Target)}</h1>\n<p>{report.Summary(failOn)}</p>\n");
        AppendFindings(html, "New findings that fail", failing, isOpen: true);
        AppendFindings(html, "Below the wanted severity", below, isOpen: true);
        AppendFindings(html, "Known from the baseline", known, isOpen: false);
        AppendFindings(html, "Suppressed", suppressed, isOpen: false);
        html.Append("<h2>Models and augmentations</h2>\n");
        foreach (var model in report.Models)
        {
            AppendModel(html, model);
        }

        return Encoding.UTF8.GetBytes(html.Append("</body>\n</html>\n").ToString());
    }

    private static void AppendFindings(StringBuilder html, string title, IReadOnlyList<Finding> findings, bool isOpen)
    {
        if (findings.Count == 0)
        {
            return;
        }

        html.Append(
            CultureInfo.InvariantCulture,
            $"<details{(isOpen ? " open" : "")}>\n<summary>{title}: {findings.Count}</summary>\n<table>\n<tr><th>rule</th><th>place</th><th>what</th></tr>\n");
        foreach (var finding in findings)
        {
            var help = Rules.Descriptors.First(rule => rule.Id == finding.Rule).HelpLinkUri;
            var severity = finding.Severity.ToString().ToLowerInvariant();
            var reason = finding.Suppression is { Length: > 0 } why ? $"<br><span class=\"quiet\">suppressed: {Text(why)}</span>" : "";
            html.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td class=\"{severity}\"><a "
                    + $"href=\"{Text(help)}\">{finding.Rule}</a><br>{severity}</td><td><code>{Text(finding.Path)}:{finding.Line}</code></td><td>{Text(finding.Message)}<br><code class=\"quiet\">{Text(finding.Code)}</code>{reason}</td></tr>\n");
        }

        html.Append("</table>\n</details>\n");
    }

    private static void AppendModel(StringBuilder html, ModelEntry model)
    {
        var regularizers = model.Regularization.Count == 0 ? "nothing regularizes it, as far as its code says" : $"{model.Regularization.Count} regularizers";
        html.Append(
            CultureInfo.InvariantCulture,
            $"<details>\n<summary>{Text(model.Name)} <span class=\"quiet\">{model.Kind}, "
                + $"{Text(model.Path)}:{model.Line}{(model.Parameters is { } count ? $", {Text(count)} parameters" : "")}, {regularizers}</span></summary>\n");
        Append(
            html,
            "What regularizes it",
            ["where", "what", "strength", "who says so"],
            model.Regularization.Select(entry => new[] { entry.Where, entry.Kind, entry.StrengthText(), entry.Provenance }));
        Append(
            html,
            "Layers",
            ["layer", "what", "settings", "comes out", "parameters", "fused"],
            model.Layers.Select(layer => new[] { layer.Path, layer.Kind, layer.Details, layer.Output ?? "", layer.Parameters ?? "", layer.FusedOrWhyNot() }));
        Append(
            html,
            "Parameters that the optimizer treats alike",
            ["group", "number"],
            model.Groups.Select(group => new[] { group.Name, group.Parameters ?? "" }));
        html.Append("</details>\n");
    }

    private static void Append(StringBuilder html, string title, string[] columns, IEnumerable<string[]> rows)
    {
        var cells = rows.ToList();
        if (cells.Count == 0)
        {
            return;
        }

        html.Append(
            CultureInfo.InvariantCulture,
            $"<details open>\n<summary>{title}</summary>\n<table>\n<tr>{string.Concat(columns.Select(column => $"<th>{column}</th>"))}</tr>\n");
        foreach (var row in cells)
        {
            html.Append("<tr>").Append(string.Concat(row.Select(cell => $"<td>{Text(cell)}</td>"))).Append("</tr>\n");
        }

        html.Append("</table>\n</details>\n");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}

using System.Globalization;
using System.Text;
using SourceNet.Tool.Findings;
using SourceNet.Tool.Formats;

namespace SourceNet.Tool.Comparison;

/// <summary>A difference for terminals and for pull requests.</summary>
internal static class DifferenceText
{
    public static string Plain(AuditDifference difference)
    {
        if (difference.IsEmpty)
        {
            return "Nothing changed.\n";
        }

        var text = new StringBuilder();
        foreach (var model in difference.Added)
        {
            text.Append(CultureInfo.InvariantCulture, $"+ {model.Name}  {model.Kind}, {model.Path}:{model.Line}\n");
            foreach (var entry in model.Regularization)
            {
                text.Append(CultureInfo.InvariantCulture, $"    + {entry.Where} {entry.Kind}: {entry.StrengthText()} ({entry.Provenance})\n");
            }
        }

        foreach (var model in difference.Removed)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {model.Name}  {model.Kind}, {model.Path}:{model.Line}\n");
        }

        foreach (var change in difference.Changed)
        {
            text.Append(CultureInfo.InvariantCulture, $"~ {change.Model.Name}  {change.Model.Path}:{change.Model.Line}\n");
            foreach (var line in change.Lines)
            {
                text.Append(line switch
                {
                    { Before: null } => $"    + {line.What}: {line.After}\n",
                    { After: null } => $"    - {line.What}: {line.Before}\n",
                    _ => $"    ~ {line.What}: {line.Before} -> {line.After}\n",
                });
            }
        }

        Append("+", difference.NewFindings);
        Append("-", difference.GoneFindings);
        return text.ToString();

        void Append(string sign, IReadOnlyList<Finding> findings)
        {
            foreach (var finding in findings)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"{sign} {finding.Path}({finding.Line},{finding.Column}): {finding.Severity.ToString().ToLowerInvariant()} {finding.Rule}: "
                        + $"{finding.Message}\n");
            }
        }
    }

    public static string Markdown(AuditDifference difference)
    {
        var text = new StringBuilder("## What changed in the regularization\n");
        if (difference.IsEmpty)
        {
            return text.Append("\nNothing.\n").ToString();
        }

        foreach (var model in difference.Added)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"\n**{MarkdownFormat.Escape(model.Name)}** is new{(model.Regularization.Count == 0 ? ", and nothing regularizes it" : "")}.\n");
            Table(model.Regularization.Select(entry => new ChangeLine($"{entry.Where} {entry.Kind}", null, $"{entry.StrengthText()} ({entry.Provenance})")));
        }

        foreach (var model in difference.Removed)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n**{MarkdownFormat.Escape(model.Name)}** is gone.\n");
        }

        foreach (var change in difference.Changed)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"\n**{MarkdownFormat.Escape(change.Model.Name)}** ({MarkdownFormat.Escape(change.Model.Path)}:{change.Model.Line})\n");
            Table(change.Lines);
        }

        Findings("New findings", difference.NewFindings);
        Findings("Findings that are gone", difference.GoneFindings);
        return text.ToString();

        void Table(IEnumerable<ChangeLine> lines)
        {
            var rows = lines.ToList();
            if (rows.Count == 0)
            {
                return;
            }

            text.Append("\n| what | before | now |\n|---|---|---|\n");
            foreach (var row in rows)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"| {MarkdownFormat.Escape(row.What)} | {MarkdownFormat.Escape(row.Before ?? "")} | {MarkdownFormat.Escape(row.After ?? "")} |\n");
            }
        }

        void Findings(string title, IReadOnlyList<Finding> findings)
        {
            if (findings.Count == 0)
            {
                return;
            }

            text.Append(CultureInfo.InvariantCulture, $"\n### {title}\n\n| rule | place | what |\n|---|---|---|\n");
            foreach (var finding in findings)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"| {finding.Rule} | {MarkdownFormat.Escape(finding.Path)}:{finding.Line} | {MarkdownFormat.Escape(finding.Message)} |\n");
            }
        }
    }
}

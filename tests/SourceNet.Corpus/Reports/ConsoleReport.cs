using System.Globalization;
using SourceNet.Corpus.Analysis;
using Spectre.Console;

namespace SourceNet.Corpus.Reports;

/// <summary>The results as a person reads them: what was found where, then how often, then what it cost.</summary>
internal sealed class ConsoleReport(IAnsiConsole console)
{
    public void Write(IReadOnlyList<TreeResult> trees)
    {
        foreach (var tree in trees)
        {
            WriteFindings(tree);
        }

        WriteTrees(trees);
        WriteRules(trees);
        if (trees.All(tree => tree.Timing is not null))
        {
            WriteTiming(Timing.Sum(trees.Select(tree => tree.Timing!)));
        }

        foreach (var tree in trees)
        {
            WriteCrashes(tree);
        }
    }

    /// <summary>The last part of a tree's path: the name of its repository.</summary>
    private static string Name(TreeResult tree) => Path.GetFileName(tree.Tree) is { Length: > 0 } name ? name : tree.Tree;

    private void WriteFindings(TreeResult tree)
    {
        console.WriteLine($"== {tree.Tree}");
        foreach (var finding in tree.Findings)
        {
            console.WriteLine($"{finding.File}:{finding.Line}: {finding.Severity.ToLowerInvariant()} {finding.Rule}: {finding.Message}");
            console.WriteLine($"    {finding.Source}");
        }
    }

    private void WriteTrees(IReadOnlyList<TreeResult> trees)
    {
        var table = TableOf("tree", "projects", "files", "lines", "lines with TorchSharp", "compile errors tolerated", "findings", "crashes");
        foreach (var tree in trees)
        {
            table.AddRow(
                Row(Name(tree), tree.Projects, tree.Files, tree.Lines, tree.TorchSharpLines, tree.CompileErrors, tree.Findings.Count, tree.Crashes.Count));
        }

        console.Write(table);
    }

    private void WriteRules(IReadOnlyList<TreeResult> trees)
    {
        var rules = trees.SelectMany(tree => tree.Findings).GroupBy(finding => finding.Rule).OrderBy(rule => rule.Key, StringComparer.Ordinal).ToList();
        var found = trees.Where(tree => tree.Findings.Count > 0).ToList();
        if (rules.Count == 0)
        {
            return;
        }

        var table = TableOf("rule", "severity", "all", "where");
        foreach (var rule in rules)
        {
            var severities = string.Join(", ", rule.Select(finding => finding.Severity).Distinct());
            var where = found.Select(tree => (Name: Name(tree), Count: tree.Findings.Count(finding => finding.Rule == rule.Key))).Where(tree => tree.Count > 0);
            table.AddRow(Row(rule.Key, severities, rule.Count(), string.Join(", ", where.Select(tree => $"{tree.Name} {tree.Count}"))));
        }

        table.Columns[^1].LeftAligned();
        console.Write(table);
    }

    private void WriteTiming(Timing timing)
    {
        var table = TableOf("analyzer", "ms", "share of compile time");
        foreach (var (analyzer, seconds) in timing.AnalyzerSeconds.OrderByDescending(pair => pair.Value))
        {
            table.AddRow(Row(analyzer, Milliseconds(seconds), Percent(seconds / timing.CompileSeconds)));
        }

        table.AddRow(Row("all analyzers", Milliseconds(timing.TotalSeconds), Percent(timing.Share)));
        table.AddRow(Row("compiling without analyzers", Milliseconds(timing.CompileSeconds), ""));
        console.Write(table);
    }

    private void WriteCrashes(TreeResult tree)
    {
        foreach (var crash in tree.Crashes)
        {
            console.WriteLine($"{crash.Component} crashed in {tree.Tree}, {crash.Project}:");
            console.WriteLine(crash.Exception);
        }
    }

    private static Table TableOf(string first, params string[] numbers)
    {
        var table = new Table().MarkdownBorder().AddColumn(first);
        foreach (var column in numbers)
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        return table;
    }

    private static string[] Row(params object[] cells) => cells.Select(cell => Markup.Escape(Convert.ToString(cell, CultureInfo.InvariantCulture)!)).ToArray();

    private static string Milliseconds(double seconds) => (1e3 * seconds).ToString("0.0", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (100 * share).ToString("0.00", CultureInfo.InvariantCulture) + " %";
}

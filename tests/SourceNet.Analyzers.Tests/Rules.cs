using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using SourceNet.Analyzers.Declarations;
using SourceNet.CodeFixes;

namespace SourceNet.Analyzers.Tests;

/// <summary>Every rule that ships, with its analyzer, its fix and its page.</summary>
internal static class Rules
{
    public static IReadOnlyList<DiagnosticAnalyzer> Analyzers { get; } = Instances<DiagnosticAnalyzer>(typeof(DeclarationAnalyzer));

    /// <summary>An analyzer for each rule.</summary>
    public static IReadOnlyList<DiagnosticAnalyzer> Alone { get; } =
    [
        .. Analyzers.OfType<TorchAnalyzer>().SelectMany(analyzer => analyzer.Rules).Select(rule => new Only(rule)),
        .. Analyzers.Where(analyzer => analyzer is not TorchAnalyzer),
    ];

    public static string Pages { get; } = Path.Combine(Repository.Root, "docs", "rules");

    public static IReadOnlyList<CodeFixProvider> Fixes { get; } = Instances<CodeFixProvider>(typeof(RuleFix));

    public static IReadOnlyList<DiagnosticDescriptor> All { get; } =
        Analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics).DistinctBy(rule => rule.Id).OrderBy(rule => rule.Id, StringComparer.Ordinal).ToList();

    public static DiagnosticDescriptor Of(string id) => All.Single(rule => rule.Id == id);

    /// <summary>The analyzer that reports an id, alone with the rule that does.</summary>
    public static DiagnosticAnalyzer Analyzer(string id) => Alone.Single(analyzer => analyzer.SupportedDiagnostics.Any(rule => rule.Id == id));

    public static string Page(string id) => File.ReadAllText(Path.Combine(Pages, $"{id}.md")).ReplaceLineEndings("\n");

    /// <summary>The code under a heading of a rule's page.</summary>
    public static string Example(string id, string heading)
    {
        var match = Regex.Match(Page(id), $"\n## {heading}\n.*?```csharp\n(.*?)```", RegexOptions.Singleline);
        Assert.True(match.Success, $"{id}.md has no example under '{heading}'");
        return match.Groups[1].Value;
    }

    private static List<T> Instances<T>(Type neighbor) => neighbor.Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(T)) && !type.IsAbstract)
        .Select(type => (T)Activator.CreateInstance(type)!)
        .ToList();
}

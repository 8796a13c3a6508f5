using Microsoft.CodeAnalysis.Diagnostics;
using SourceNet.Analyzers.Declarations;

namespace SourceNet.Corpus.Analysis;

/// <summary>The analyzers that ship.</summary>
internal static class Rules
{
    public static IReadOnlyList<DiagnosticAnalyzer> All { get; } = typeof(DeclarationAnalyzer).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(DiagnosticAnalyzer)) && !type.IsAbstract)
        .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!)
        .OrderBy(analyzer => analyzer.GetType().Name, StringComparer.Ordinal)
        .ToList();
}

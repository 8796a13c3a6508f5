using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SourceNet.Analyzers.Declarations;

namespace SourceNet.Tool.Findings;

/// <summary>The analyzers that ship, as they are: nothing is analyzed in another way here than in an editor.</summary>
internal static class Rules
{
    public static ImmutableArray<DiagnosticAnalyzer> Analyzers { get; } =
    [
        .. typeof(DeclarationAnalyzer).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(DiagnosticAnalyzer)) && !type.IsAbstract)
            .OrderBy(type => type.Name, StringComparer.Ordinal)
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];

    /// <summary>The rules in the order of their numbers.</summary>
    public static IReadOnlyList<DiagnosticDescriptor> Descriptors { get; } =
        [.. Analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics)
            .Append(Policies.PolicyFindings.Descriptor)
            .DistinctBy(rule => rule.Id)
            .OrderBy(rule => rule.Id, StringComparer.Ordinal)];

    /// <summary>The rule's page as Markdown; null if there is no such rule.</summary>
    public static string? Page(string id)
    {
        using var stream = typeof(Rules).Assembly.GetManifestResourceStream($"rules/{id.ToUpperInvariant()}.md");
        return stream is null ? null : new StreamReader(stream).ReadToEnd();
    }
}

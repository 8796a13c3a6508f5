using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using SourceNet.Corpus.Analysis;
using SourceNet.Corpus.Sources;

namespace SourceNet.Benchmarks.AnalyzerSpeed;

/// <summary>What the analyzers take for one method, as when it is edited. A rule that looks at a whole type does so for each of its methods.</summary>
/// <param name="Seconds">In all analyzers together.</param>
/// <param name="Where">The file and line.</param>
internal sealed record MethodTime(double Seconds, string Where)
{
    // A method cannot take longer than its file, so only the slowest files are looked into, and of these the longest methods.
    private const int SlowestFiles = 5;
    private const int LongestMethods = 8;

    // The best of some rounds, so that no pause of the garbage collector counts.
    private const int Rounds = 3;

    /// <returns>The worst method, or null where there is none.</returns>
    internal static MethodTime? Worst(SourceTree tree, ImmutableArray<DiagnosticAnalyzer> analyzers) => tree.Projects
        .SelectMany(project => project.Compilation.SyntaxTrees.Select(file => (project.Compilation, File: file, Seconds: Best(
            project.Compilation,
            file,
            part: null,
            analyzers,
            rounds: 1))))
        .OrderByDescending(file => file.Seconds)
        .Take(SlowestFiles)
        .SelectMany(file => Longest(file.File).Select(method => new MethodTime(
            Best(file.Compilation, file.File, method, analyzers, Rounds),
            Place(method, tree.Root))))
        .MaxBy(method => method.Seconds);

    private static IEnumerable<BaseMethodDeclarationSyntax> Longest(SyntaxTree file) =>
        file.GetRoot().DescendantNodes().OfType<BaseMethodDeclarationSyntax>().OrderByDescending(method => method.Span.Length).Take(LongestMethods);

    private static double Best(CSharpCompilation compilation, SyntaxTree file, SyntaxNode? part, ImmutableArray<DiagnosticAnalyzer> analyzers, int rounds) =>
        Enumerable.Range(0, rounds).Min(_ => AnalyzerStopwatch.Analyze(compilation, analyzers, file, part?.Span).Values.Sum());

    private static string Place(SyntaxNode method, string root) =>
        $"{Path.GetRelativePath(root, method.SyntaxTree.FilePath)}:{method.GetLocation().GetLineSpan().StartLinePosition.Line + 1}";
}

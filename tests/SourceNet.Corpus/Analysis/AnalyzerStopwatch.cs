using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace SourceNet.Corpus.Analysis;

/// <summary>Measures what analyzers cost. Everything runs on one thread, and every round on a compilation that has bound nothing yet.</summary>
internal static class AnalyzerStopwatch
{
    /// <summary>The best of some rounds, after some that warm the code up.</summary>
    /// <param name="compilation">What is compiled and analyzed.</param>
    /// <param name="analyzers">What is measured.</param>
    /// <param name="compile">What their time is compared with.</param>
    /// <param name="rounds">How often.</param>
    /// <param name="warmUp">How long to warm up, with one round at least. The runtime compiles a method well only after many calls; the compiler itself comes
    /// compiled.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static Timing Measure(
        CSharpCompilation compilation,
        ImmutableArray<DiagnosticAnalyzer> analyzers,
        Action<CSharpCompilation> compile,
        int rounds,
        TimeSpan warmUp = default,
        CancellationToken cancellation = default)
    {
        var start = Stopwatch.GetTimestamp();
        do
        {
            Once(compilation, analyzers, compile, cancellation);
        }
        while (Stopwatch.GetElapsedTime(start) < warmUp);

        var all = Enumerable.Range(0, rounds).Select(_ => Once(compilation, analyzers, compile, cancellation)).ToList();
        return new(
            all.Min(round => round.CompileSeconds),
            all[0].AnalyzerSeconds.Keys.ToDictionary(analyzer => analyzer, analyzer => all.Min(round => round.AnalyzerSeconds[analyzer])));
    }

    /// <summary>One round, warm or not.</summary>
    /// <param name="compilation">What is compiled and analyzed.</param>
    /// <param name="analyzers">What is measured.</param>
    /// <param name="compile">What their time is compared with.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static Timing Once(
        CSharpCompilation compilation,
        ImmutableArray<DiagnosticAnalyzer> analyzers,
        Action<CSharpCompilation> compile,
        CancellationToken cancellation = default) =>
        new(Seconds(compilation, compile), Analyze(compilation, analyzers, tree: null, part: null, cancellation));

    /// <summary>The time in each analyzer, by name.</summary>
    /// <param name="compilation">What is analyzed.</param>
    /// <param name="analyzers">What is measured.</param>
    /// <param name="tree">Only this file, as an editor does; null for everything.</param>
    /// <param name="part">Only this part of the file, and whatever analyzers do with the type around it.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static IReadOnlyDictionary<string, double> Analyze(
        CSharpCompilation compilation,
        ImmutableArray<DiagnosticAnalyzer> analyzers,
        SyntaxTree? tree,
        TextSpan? part,
        CancellationToken cancellation = default)
    {
        var fresh = Fresh(compilation);
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]),
            onAnalyzerException: (_, _, _) => { },
            concurrentAnalysis: false,
            logAnalyzerExecutionTime: true);
        var run = new CompilationWithAnalyzers(fresh, analyzers, options);
        if (tree is null)
        {
            run.GetAnalyzerDiagnosticsAsync(cancellation).GetAwaiter().GetResult();
        }
        else
        {
            run.GetAnalyzerSemanticDiagnosticsAsync(fresh.GetSemanticModel(tree), part, cancellation).GetAwaiter().GetResult();
        }

        return analyzers.ToDictionary(
            analyzer => analyzer.GetType().Name,
            analyzer => run.GetAnalyzerTelemetryInfoAsync(analyzer, cancellation).GetAwaiter().GetResult().ExecutionTime.TotalSeconds);
    }

    private static double Seconds(CSharpCompilation compilation, Action<CSharpCompilation> compile)
    {
        var fresh = Fresh(compilation);
        var start = Stopwatch.GetTimestamp();
        compile(fresh);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static CSharpCompilation Fresh(CSharpCompilation compilation) => compilation.WithOptions(compilation.Options.WithConcurrentBuild(false)).Clone();
}

using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SourceNet.Corpus.Analysis;

/// <summary>Measures what analyzers cost.</summary>
internal static class Stopwatches
{
    /// <summary>Binding alone and then each analyzer, one after the other on one thread. The first round warms the code up.</summary>
    public static Timing Measure(CSharpCompilation compilation, ImmutableArray<DiagnosticAnalyzer> analyzers, CancellationToken cancellation)
    {
        Bind(compilation, cancellation);
        Analyze(compilation, analyzers, cancellation);
        return new(Bind(compilation, cancellation), Analyze(compilation, analyzers, cancellation));
    }

    /// <summary>The time in each analyzer, by name, of a run over the whole compilation.</summary>
    public static IReadOnlyDictionary<string, double> Analyze(CSharpCompilation compilation, ImmutableArray<DiagnosticAnalyzer> analyzers, CancellationToken cancellation)
    {
        var run = new CompilationWithAnalyzers(Fresh(compilation), analyzers, new CompilationWithAnalyzersOptions(new AnalyzerOptions([]), onAnalyzerException: (_, _, _) => { }, concurrentAnalysis: false, logAnalyzerExecutionTime: true));
        run.GetAnalyzerDiagnosticsAsync(cancellation).GetAwaiter().GetResult();
        return analyzers.ToDictionary(
            analyzer => analyzer.GetType().Name,
            analyzer => run.GetAnalyzerTelemetryInfoAsync(analyzer, cancellation).GetAwaiter().GetResult().ExecutionTime.TotalSeconds);
    }

    /// <summary>The same sources in a compilation that has bound nothing yet.</summary>
    public static CSharpCompilation Fresh(CSharpCompilation compilation) => compilation.Clone();

    private static double Bind(CSharpCompilation compilation, CancellationToken cancellation)
    {
        var fresh = Fresh(compilation.WithOptions(compilation.Options.WithConcurrentBuild(false)));
        var start = Stopwatch.GetTimestamp();
        fresh.GetDiagnostics(cancellation);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}

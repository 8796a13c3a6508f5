using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using SourceNet.Corpus.Sources;

namespace SourceNet.Corpus.Analysis;

/// <summary>Runs analyzers over trees.</summary>
/// <param name="analyzers">All of them run, whatever the severity of their rules.</param>
/// <param name="isWanted">Whether findings of a rule are kept.</param>
internal sealed class Inspection(IReadOnlyList<DiagnosticAnalyzer> analyzers, Func<string, bool> isWanted)
{
    private readonly ImmutableArray<DiagnosticAnalyzer> _analyzers = [.. analyzers];

    public TreeResult Inspect(SourceTree tree, bool measures, CancellationToken cancellation = default)
    {
        List<Finding> findings = [];
        List<Crash> crashes = [];
        List<Timing> timings = [];
        foreach (var project in tree.Projects)
        {
            crashes.AddRange(project.GeneratorCrashes.Select(exception => new Crash("ModelGenerator", project.Name, exception.ToString())));
            findings.AddRange(Analyze(project, crashes, cancellation).Select(diagnostic => Describe(diagnostic, tree.Root)));
            if (measures)
            {
                timings.Add(AnalyzerStopwatch.Measure(project.Compilation, _analyzers, Bind, rounds: 1, cancellation: cancellation));
            }
        }

        return new(
            tree.Root,
            tree.Projects.Count,
            tree.Projects.Sum(project => project.Files),
            tree.Projects.Sum(project => project.Lines),
            tree.Projects.Sum(project => project.TorchSharpLines),
            tree.Projects.Sum(project => Errors(project.Compilation, cancellation)),
            findings
                .OrderBy(finding => finding.Rule, StringComparer.Ordinal)
                .ThenBy(finding => finding.File, StringComparer.Ordinal)
                .ThenBy(finding => finding.Line)
                .ToList(),
            crashes,
            measures ? Timing.Sum(timings) : null);
    }

    private IEnumerable<Diagnostic> Analyze(SourceProject project, List<Crash> crashes, CancellationToken cancellation)
    {
        ConcurrentQueue<Crash> thrown = [];
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]),
            onAnalyzerException: (exception, analyzer, _) => thrown.Enqueue(new(analyzer.GetType().Name, project.Name, exception.ToString())),
            concurrentAnalysis: true,
            logAnalyzerExecutionTime: false);
        var diagnostics = new CompilationWithAnalyzers(Enabling(project.Compilation), _analyzers, options)
            .GetAnalyzerDiagnosticsAsync(cancellation)
            .GetAwaiter()
            .GetResult();
        crashes.AddRange(thrown.Distinct());
        return diagnostics.Where(diagnostic => isWanted(diagnostic.Id));
    }

    /// <summary>With the rules that are off by default.</summary>
    private CSharpCompilation Enabling(CSharpCompilation compilation)
    {
        var off = _analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics).Where(rule => !rule.IsEnabledByDefault).DistinctBy(rule => rule.Id);
        return compilation.WithOptions(compilation.Options.WithSpecificDiagnosticOptions(off.Select(rule => KeyValuePair.Create(rule.Id, Severity(rule)))));
    }

    private static ReportDiagnostic Severity(DiagnosticDescriptor rule) => rule.DefaultSeverity switch
    {
        DiagnosticSeverity.Error => ReportDiagnostic.Error,
        DiagnosticSeverity.Warning => ReportDiagnostic.Warn,
        DiagnosticSeverity.Info => ReportDiagnostic.Info,
        _ => ReportDiagnostic.Hidden,
    };

    private static Finding Describe(Diagnostic diagnostic, string root)
    {
        var message = diagnostic.GetMessage();
        var severity = diagnostic.Severity.ToString();
        if (diagnostic.Location.SourceTree is not { } tree)
        {
            return new(diagnostic.Id, severity, "", 0, message, "");
        }

        var line = tree.GetText().Lines.GetLineFromPosition(diagnostic.Location.SourceSpan.Start);
        var file = Path.GetRelativePath(root, tree.FilePath).Replace(Path.DirectorySeparatorChar, '/');
        return new(diagnostic.Id, severity, file, line.LineNumber + 1, message, line.ToString().Trim());
    }

    private static void Bind(CSharpCompilation compilation) => compilation.GetDiagnostics();

    private static int Errors(CSharpCompilation compilation, CancellationToken cancellation) =>
        compilation.GetDiagnostics(cancellation).Count(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
}

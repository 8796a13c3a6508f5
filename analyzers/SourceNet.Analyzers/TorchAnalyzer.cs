using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SourceNet.Analyzers.Facts;

namespace SourceNet.Analyzers;

/// <summary>
/// Runs rules about code that uses TorchSharp: the compiler calls it once for an operation, and it passes on what a rule cares about. Concurrent, silent in
/// generated code, and free of cost where TorchSharp is not referenced.
/// </summary>
public abstract class TorchAnalyzer : DiagnosticAnalyzer
{
    /// <summary>Runs some rules.</summary>
    protected TorchAnalyzer(params Rule[] rules)
    {
        Rules = rules;
        SupportedDiagnostics = rules.SelectMany(rule => rule.Descriptors).ToImmutableArray();
    }

    /// <summary>The rules that it runs.</summary>
    public IReadOnlyList<Rule> Rules { get; }

    /// <inheritdoc/>
    public sealed override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; }

    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            if (CompilationFacts.Of(start.Compilation) is not { } facts)
            {
                return;
            }

            var dispatcher = new Dispatcher(start.Options, start.CancellationToken);
            try
            {
                Dispatcher.Each([.. Rules], dispatcher, (rule, on) => rule.Register(on, facts));
            }
            finally
            {
                dispatcher.Start(start);
            }
        });
    }
}

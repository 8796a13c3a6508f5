using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers;

/// <summary>A rule about code that uses TorchSharp: concurrent, silent in generated code, and free of cost where TorchSharp is not referenced.</summary>
public abstract class TorchAnalyzer : DiagnosticAnalyzer
{
    private protected TorchAnalyzer(params DiagnosticDescriptor[] rules) => SupportedDiagnostics = ImmutableArray.Create(rules);

    /// <inheritdoc/>
    public sealed override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; }

    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            if (TorchSymbols.Of(start.Compilation) is { } torch)
            {
                Register(start, torch);
            }
        });
    }

    private protected abstract void Register(CompilationStartAnalysisContext context, TorchSymbols torch);
}

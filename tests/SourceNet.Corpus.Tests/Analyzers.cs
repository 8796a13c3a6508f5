using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

#pragma warning disable RS1036, RS1041, RS2008 // No compiler loads these, and they are not released.

namespace SourceNet.Corpus.Tests;

/// <summary>T1 (hidden) and T2 (off by default) are true of every class, T2 of its name alone.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class ClassAnalyzer : DiagnosticAnalyzer
{
    private static readonly DiagnosticDescriptor s_hidden = new("T1", "Class", "A class '{0}'", "Test", DiagnosticSeverity.Hidden, isEnabledByDefault: true);
    private static readonly DiagnosticDescriptor s_off = new("T2", "Class", "Another class '{0}'", "Test", DiagnosticSeverity.Info, isEnabledByDefault: false);

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [s_hidden, s_off];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSymbolAction(
            symbol =>
            {
                symbol.ReportDiagnostic(Diagnostic.Create(s_hidden, symbol.Symbol.Locations[0], symbol.Symbol.Name));
                symbol.ReportDiagnostic(Diagnostic.Create(s_off, symbol.Symbol.Locations[0], symbol.Symbol.Name));
            },
            SymbolKind.NamedType);
    }
}

/// <summary>Throws at every class.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class CrashingAnalyzer : DiagnosticAnalyzer
{
    private static readonly DiagnosticDescriptor s_rule = new("T3", "Never", "Never", "Test", DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [s_rule];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSymbolAction(symbol => throw new NotSupportedException($"Cannot look at {symbol.Symbol.Name}"), SymbolKind.NamedType);
    }
}

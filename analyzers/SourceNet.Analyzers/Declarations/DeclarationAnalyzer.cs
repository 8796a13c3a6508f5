using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SourceNet.Analyzers.Facts;
using SourceNet.Modeling.Declared;
using SourceNet.Modeling.Graph;

namespace SourceNet.Analyzers.Declarations;

/// <summary>
/// Reports what the generator cannot expand, or expands into something that its author hardly meant: SN6xxx. It runs the generator's front end and passes, so
/// that both see the same model, and reports each problem at the attribute that causes it.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DeclarationAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => DeclarationRules.All;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            if (start.Compilation.GetTypeByMetadataName(ModelReader.AttributeName) is not null)
            {
                var models = DeclaredModels.Of(start.Compilation);
                start.RegisterSymbolAction(symbol => Analyze(symbol, models), SymbolKind.NamedType);
            }
        });
    }

    private static void Analyze(SymbolAnalysisContext context, DeclaredModels models)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        AnalyzeAugmentation(context, type);
        if (models.Find(type, context.CancellationToken) is not { Graph: var graph })
        {
            if (StrayAttributes.Find(type) is { } stray)
            {
                Report(context, type, null, stray);
            }

            return;
        }

        foreach (var problem in graph.Problems)
        {
            Report(context, type, graph.Declaration, problem);
        }
    }

    private static void AnalyzeAugmentation(SymbolAnalysisContext context, INamedTypeSymbol type)
    {
        if (AugmentationReader.IsAugmentation(type))
        {
            foreach (var problem in AugmentationReader.Read(type).Problems)
            {
                Report(context, type, null, problem);
            }
        }
        else if (StrayAttributes.FindTransform(type) is { } stray)
        {
            Report(context, type, null, stray);
        }
    }

    private static void Report(SymbolAnalysisContext context, INamedTypeSymbol type, ModelDeclaration? declaration, Problem problem)
    {
        if (DeclarationRules.Find(problem.Id) is { } rule)
        {
            var location = OriginLocator.Locate(type, declaration, problem.Origin, context.CancellationToken);
            context.ReportDiagnostic(Diagnostic.Create(rule, location, problem.Message));
        }
    }
}

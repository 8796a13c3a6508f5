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
    /// <summary>The letters of an expression that a message quotes.</summary>
    private const int LongestCode = 60;

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
        if (models.Find(type, context.CancellationToken) is not { Graph: var graph } model)
        {
            if (StrayAttributes.Find(type) is { } stray)
            {
                Report(context, type, null, stray);
            }

            return;
        }

        foreach (var problem in graph.Problems)
        {
            Report(context, type, graph.Declaration, problem, problem.Cause is { } cause ? model.Places.ElementAtOrDefault(cause.Member) : null);
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

    /// <param name="cause">The code that brought the problem about, if that is another place.</param>
    private static void Report(SymbolAnalysisContext context, INamedTypeSymbol type, ModelDeclaration? declaration, Problem problem, SyntaxNode? cause = null)
    {
        if (DeclarationRules.Find(problem.Id) is not { } rule)
        {
            return;
        }

        var location = OriginLocator.Locate(type, declaration, problem.Origin, context.CancellationToken);
        context.ReportDiagnostic(cause is null
            ? Diagnostic.Create(rule, location, problem.Message)
            : Diagnostic.Create(
                rule,
                location,
                [cause.GetLocation()],
                $"{problem.Message}. The shape is lost at '{Shortened(cause)}', line {cause.GetLocation().GetLineSpan().StartLinePosition.Line + 1}"));
    }

    /// <summary>Code in one line of a message.</summary>
    private static string Shortened(SyntaxNode code)
    {
        var text = string.Join(" ", code.ToString().Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
        return text.Length <= LongestCode ? text : text.Substring(0, LongestCode) + "...";
    }
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SourceNet.Generators.Emission;
using SourceNet.Modeling.Declared;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Recognized;

namespace SourceNet.Generators;

/// <summary>
/// Writes the other part of every class with <c>[Model]</c>. It reports nothing: the declaration analyzer runs the same front end and does.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class ModelGenerator : IIncrementalGenerator
{
    /// <summary>The tracking names of the pipeline's steps.</summary>
    public static class Steps
    {
        public const string Declarations = nameof(Declarations);
        public const string Graphs = nameof(Graphs);
        public const string Ambiguous = nameof(Ambiguous);
    }

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var declarations = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                ModelReader.AttributeName,
                predicate: static (node, _) => node is TypeDeclarationSyntax,
                transform: static (match, cancellation) => FirstAttribute.Is(match)
                    ? ModelReader.Read((INamedTypeSymbol)match.TargetSymbol, CodeBodies.Of(match.SemanticModel.Compilation), cancellation)
                    : null)
            .Where(static declaration => declaration is not null)
            .Select(static (declaration, _) => declaration!)
            .WithTrackingName(Steps.Declarations);
        var graphs = declarations
            .Select(static (declaration, cancellation) => GraphBuilder.Build(declaration, cancellation))
            .WithTrackingName(Steps.Graphs);
        var ambiguous = declarations
            .Select(static (declaration, _) => declaration.Type.MetadataName)
            .Collect()
            .Select(static (names, _) => HintNames.Ambiguous(names))
            .WithTrackingName(Steps.Ambiguous);
        context.RegisterSourceOutput(graphs.Combine(ambiguous), static (output, source) =>
        {
            var (graph, ambiguous) = source;
            if (graph.Declaration is { } declaration && (declaration.Type.CanExtend || declaration.Stubs.Count > 0))
            {
                output.AddSource(HintNames.Of(declaration.Type.MetadataName, ambiguous), ModelEmitter.Emit(graph, declaration, output.CancellationToken));
            }
        });
    }
}

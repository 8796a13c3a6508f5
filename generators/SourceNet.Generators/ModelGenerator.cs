using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SourceNet.Generators.Emission;
using SourceNet.Modeling.Declared;
using SourceNet.Modeling.Passes;

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
    }

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var declarations = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                ModelReader.AttributeName,
                predicate: static (node, _) => node is TypeDeclarationSyntax,
                transform: static (match, _) => ModelReader.Read((INamedTypeSymbol)match.TargetSymbol))
            .WithTrackingName(Steps.Declarations);
        var graphs = declarations
            .Select(static (declaration, _) => GraphBuilder.Build(declaration))
            .WithTrackingName(Steps.Graphs);
        context.RegisterSourceOutput(graphs, static (output, graph) =>
        {
            if (graph.Declaration.Type.CanExtend)
            {
                output.AddSource(ModelEmitter.HintName(graph), ModelEmitter.Emit(graph));
            }
        });
    }
}

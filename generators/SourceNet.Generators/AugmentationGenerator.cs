using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SourceNet.Generators.Emission;
using SourceNet.Modeling.Declared;

namespace SourceNet.Generators;

/// <summary>
/// Writes the other part of every class with <c>[Augmentation]</c>. It reports nothing: the declaration analyzer runs the same front end and does.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class AugmentationGenerator : IIncrementalGenerator
{
    /// <summary>The tracking names of the pipeline's steps.</summary>
    public static class Steps
    {
        public const string Augmentations = nameof(Augmentations);
        public const string AmbiguousAugmentations = nameof(AmbiguousAugmentations);
    }

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var augmentations = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                AugmentationReader.AttributeName,
                predicate: static (node, _) => node is TypeDeclarationSyntax,
                transform: static (match, _) => FirstAttribute.Is(match) ? AugmentationReader.Read((INamedTypeSymbol)match.TargetSymbol) : null)
            .Where(static declaration => declaration is { Type: { CanExtend: true, CanDerive: true } })
            .Select(static (declaration, _) => declaration!)
            .WithTrackingName(Steps.Augmentations);
        var ambiguous = augmentations
            .Select(static (declaration, _) => declaration.Type.MetadataName)
            .Collect()
            .Select(static (names, _) => HintNames.Ambiguous(names))
            .WithTrackingName(Steps.AmbiguousAugmentations);
        context.RegisterSourceOutput(augmentations.Combine(ambiguous), static (output, source) =>
        {
            var (declaration, ambiguous) = source;
            output.AddSource(HintNames.Of(declaration.Type.MetadataName, ambiguous), AugmentationEmitter.Emit(declaration));
        });
    }
}

using Microsoft.CodeAnalysis;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Regularizers;

namespace SourceNet.Modeling.Declared;

/// <summary>
/// Finds layers and regularizers on a class without <c>[Model]</c>, and changes of images on one without <c>[Augmentation]</c>, where nothing reads them.
/// </summary>
public static class StrayAttributes
{
    private static readonly HashSet<string> s_structure = new(StringComparer.Ordinal) { "Input", "Output", "Residual", "Sum", "Objective", "Init" };

    /// <summary>The first one in a class that is no model; null if there is none. One mistake, a missing <c>[Model]</c>, is one problem.</summary>
    public static Problem? Find(INamedTypeSymbol type)
    {
        if (First(type) is { } onClass)
        {
            return Problems.NotMarked(type.Name, onClass.Name, "Model", new Origin(OriginKind.Class, Attribute: onClass.Index));
        }

        var blocks = ModelReader.Blocks(type);
        for (var i = 0; i < blocks.Count; i++)
        {
            if (First(blocks[i]) is { } onBlock)
            {
                return Problems.NotMarked(type.Name, onBlock.Name, "Model", new Origin(OriginKind.Block, i, onBlock.Index));
            }
        }

        return null;
    }

    /// <summary>The first change of images in a class that is no augmentation; null if there is none.</summary>
    public static Problem? FindTransform(INamedTypeSymbol type)
    {
        var attributes = Symbols.Attributes(type);
        for (var i = 0; i < attributes.Count; i++)
        {
            if (AugmentationReader.IsTransform(attributes[i].AttributeClass!))
            {
                return Problems.NotMarked(
                    type.Name,
                    AttributeReader.NameOf(attributes[i].AttributeClass!),
                    "Augmentation",
                    new Origin(OriginKind.Class, Attribute: i));
            }
        }

        return null;
    }

    private static (int Index, string Name)? First(ISymbol symbol)
    {
        var attributes = Symbols.Attributes(symbol);
        for (var i = 0; i < attributes.Count; i++)
        {
            var attribute = attributes[i].AttributeClass!;
            var name = AttributeReader.NameOf(attribute);
            if (AttributeReader.IsLayer(attribute) || s_structure.Contains(name) || RegularizerCatalogue.OfAttribute(name) is not null)
            {
                return (i, name);
            }
        }

        return null;
    }
}

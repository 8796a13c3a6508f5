using Microsoft.CodeAnalysis;
using SourceNet.Modeling.Graph;

namespace SourceNet.Modeling.Declared;

/// <summary>Finds layers and regularizers that stand on a class without <c>[Model]</c>, where nothing reads them.</summary>
public static class StrayAttributes
{
    private static readonly HashSet<string> s_others = new(StringComparer.Ordinal)
    {
        "InputAttribute", "OutputAttribute", "ResidualAttribute", "ObjectiveAttribute", "LabelSmoothingAttribute", "GradientClipAttribute",
        "WeightDecayAttribute", "L1Attribute", "L2Attribute", "ElasticNetAttribute", "MaxNormAttribute", "UnitNormAttribute", "NonNegativeAttribute",
        "OrthogonalAttribute", "DropConnectAttribute", "WeightNormAttribute", "SpectralNormAttribute",
    };

    /// <summary>The first one; null if there is none. One mistake, a missing <c>[Model]</c>, is one problem.</summary>
    public static Problem? Find(INamedTypeSymbol type)
    {
        if (First(type) is { } onClass)
        {
            return Problems.NoModel(type.Name, onClass.Name, new Origin(OriginKind.Class, Attribute: onClass.Index));
        }

        var blocks = ModelReader.Blocks(type);
        for (var i = 0; i < blocks.Count; i++)
        {
            if (First(blocks[i]) is { } onBlock)
            {
                return Problems.NoModel(type.Name, onBlock.Name, new Origin(OriginKind.Block, i, onBlock.Index));
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
            if (LayerReader.IsLayer(attribute) || s_others.Contains(attribute.Name))
            {
                return (i, AttributeReader.NameOf(attribute));
            }
        }

        return null;
    }
}

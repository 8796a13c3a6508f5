using SourceNet.Modeling.Layers;

namespace SourceNet.Modeling.Conversion;

/// <summary>Layers as the attributes that declare them.</summary>
internal static class LayerAttribute
{
    /// <summary>The attribute without brackets; null for a layer that no attribute says exactly.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="hasBias">Whether it has a bias; null if that is not known.</param>
    /// <param name="name">Its name in the state_dict; null for a layer without a state.</param>
    /// <param name="next">The layer that follows in the block.</param>
    public static string? Of(Layer layer, bool? hasBias, string? name, Layer? next)
    {
        var parts = layer.Attribute?.ToList();
        if (parts is null || parts.Contains(""))
        {
            return null;
        }

        if (layer is WeightedLayer weighted)
        {
            if (hasBias is not { } bias)
            {
                return null;
            }

            // A norm that follows would take the bias away.
            if (bias != weighted.UsualBias || next is NormLayer { RemovesBias: true })
            {
                parts.Add(AttributeText.Flag("Bias", bias));
            }
        }

        if (name is not null)
        {
            parts.Add($"Name = \"{name}\"");
        }

        return parts.Count == 1 ? parts[0] : $"{parts[0]}({string.Join(", ", parts.Skip(1))})";
    }
}

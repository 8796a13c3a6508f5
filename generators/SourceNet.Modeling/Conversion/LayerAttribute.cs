using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;

namespace SourceNet.Modeling.Conversion;

/// <summary>Layers as the attributes that declare them.</summary>
internal static class LayerAttribute
{
    /// <summary>The attributes that say exactly what layers in a row do; null if none do.</summary>
    /// <param name="steps">The layers.</param>
    /// <param name="taken">The names that layers of other blocks have, which need no name for their weights since they have none.</param>
    public static IReadOnlyList<(string Text, bool IsWeighted)>? Of(IReadOnlyList<GraphOperation.Apply> steps, ICollection<string> taken)
    {
        var attributes = new List<(string, bool)>();
        for (var i = 0; i < steps.Count; i++)
        {
            var (layer, next) = (steps[i].Layer, i + 1 < steps.Count ? steps[i + 1].Layer : null);
            if (layer is GlobalAveragePoolLayer { LeavesOut: true } && next is FlattenLayer { LeavesOut: false })
            {
                // The axes of size 1 that TorchSharp's module leaves go.
                attributes.Add(("GlobalAveragePool", false));
                i++;
                continue;
            }

            if (Of(steps[i], next, taken) is not { } text)
            {
                return null;
            }

            attributes.Add((text, IsWeighted(layer)));
        }

        return attributes;
    }

    /// <summary>Whether a layer is what a block is named for, and a line of attributes begins with.</summary>
    public static bool IsWeighted(Layer layer) => layer is WeightedLayer or EmbeddingLayer;

    /// <summary>Whether the state_dict has something of a layer, so that its name must stay.</summary>
    public static bool HasState(Layer layer) => IsWeighted(layer) || layer is NormLayer;

    private static string? Of(GraphOperation.Apply step, Layer? next, ICollection<string> taken)
    {
        var layer = step.Layer;
        var parts = layer.LeavesOut ? null : layer.Attribute?.ToList();
        if (parts is null || parts.Contains(""))
        {
            return null;
        }

        if (layer is WeightedLayer weighted)
        {
            if (step.HasBias is not { } bias)
            {
                return null;
            }

            // A norm that follows would take the bias away.
            if (bias != weighted.UsualBias || next is NormLayer { RemovesBias: true })
            {
                parts.Add(AttributeText.Flag("Bias", bias));
            }
        }

        if (HasState(layer) || (layer.IsRegistered && step.Path.Length > 0 && taken.Contains(layer.Role)))
        {
            parts.Add($"Name = \"{step.Path}\"");
        }

        return parts.Count == 1 ? parts[0] : $"{parts[0]}({string.Join(", ", parts.Skip(1))})";
    }
}

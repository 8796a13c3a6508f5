using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;

namespace SourceNet.Modeling.Passes;

/// <summary>
/// Gives a block the layers that its class declares as defaults: norm, activation, dropout, in that order, after its last weighted layer.
/// What the block says itself stays where it stands, and the rest of the tail goes after it. An output block gets none.
/// </summary>
internal static class DefaultLayers
{
    public static IReadOnlyList<Layer> Apply(BlockDeclaration block, EquatableArray<Layer> defaults)
    {
        var layers = block.Layers.ToList();
        var last = layers.FindLastIndex(layer => layer is WeightedLayer);
        if (!block.IsOutput && last >= 0)
        {
            InsertTail(layers, last, defaults.Where(layer => layer.Default is not { NeedsConvolution: true } || layers[last] is ConvolutionLayer).ToList());
            if (block.IsResidual && !layers.Any(layer => IsAt(layer, TailPlace.End)) && defaults.FirstOrDefault(layer => IsAt(layer, TailPlace.End)) is { } end)
            {
                layers.Add(end);
            }
        }

        return layers.Where(layer => !layer.IsSwitchedOff).ToList();
    }

    private static void InsertTail(List<Layer> layers, int last, List<Layer> defaults)
    {
        var position = last;
        foreach (var place in new[] { TailPlace.Norm, TailPlace.Activation, TailPlace.Dropout })
        {
            var own = layers.FindLastIndex(layer => IsAt(layer, place));
            if (own >= 0)
            {
                position = Math.Max(position, own);
            }
            else if (defaults.FirstOrDefault(layer => IsAt(layer, place)) is { } layer)
            {
                layers.Insert(++position, layer);
            }
        }
    }

    private static bool IsAt(Layer layer, TailPlace place) => layer.Default?.Place == place;
}

using SourceNet.Modeling.Graph;

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
            var fitting = defaults.Where(layer => Fits(layer, layers[last])).ToList();
            InsertTail(layers, last, fitting);
            if (block.IsResidual && !layers.Any(layer => layer is DropPathLayer) && defaults.OfType<DropPathLayer>().FirstOrDefault() is { } path)
            {
                layers.Add(path);
            }
        }

        return layers.Where(layer => !IsSwitchedOff(layer)).ToList();
    }

    private static void InsertTail(List<Layer> layers, int last, List<Layer> defaults)
    {
        var position = last;
        foreach (var isKind in new Func<Layer, bool>[] { layer => layer is NormLayer, layer => layer is ActivationLayer, layer => layer is DropoutLayer })
        {
            var own = layers.FindLastIndex(layer => isKind(layer));
            if (own >= 0)
            {
                position = Math.Max(position, own);
            }
            else if (defaults.FirstOrDefault(isKind) is { } layer)
            {
                layers.Insert(++position, layer);
            }
        }
    }

    /// <summary>Dropout of whole channels or squares needs a feature map: as a default it means the convolutions.</summary>
    private static bool Fits(Layer layer, Layer weighted) => layer is not DropoutLayer { Kind: DropoutKind.Spatial or DropoutKind.Block } || weighted is ConvolutionLayer;

    public static bool IsSwitchedOff(Layer layer) => layer switch
    {
        NormLayer norm => norm.Function == NormKind.None,
        ActivationLayer activation => activation.Function == ActivationKind.None,
        DropoutLayer dropout => dropout.Rate.IsZero,
        DropPathLayer path => path.Rate.IsZero,
        _ => false,
    };
}

using SourceNet.Modeling.Graph;

namespace SourceNet.Modeling.Passes;

/// <summary>
/// Decides which neighboring layers of a block one kernel computes: norm, activation and dropout in this order, what there is of it. A step that would hold one layer only is left to libtorch
/// where its operator is as fast. Blocks are methods of their own, so that no step reaches over the end of one.
/// </summary>
internal static class FusionPlanner
{
    private const string AsFast = "libtorch's own is as fast";
    private const string NoKernel = "no kernel";
    private const string SwitchedOff = "[Model(Fuse = false)]";

    public static FusionPlan Plan(Block block, bool allowed)
    {
        var steps = new List<FusedStep>();
        var rest = new List<UnfusedLayer>();
        for (var i = 0; i < block.Layers.Count;)
        {
            if (allowed && StepAt(block, i) is { } step)
            {
                steps.Add(step);
                if (step.FoldedInto.Length > 0)
                {
                    rest.Add(new UnfusedLayer(i, step.FoldedInto, AsFast));
                }

                i += step.Count;
                continue;
            }

            if (ReasonFor(block.Layers[i].Layer) is { } reason)
            {
                rest.Add(new UnfusedLayer(i, KindOf(block.Layers[i]), allowed ? reason : SwitchedOff));
            }

            i++;
        }

        return new FusionPlan(steps.ToEquatableArray(), rest.ToEquatableArray());
    }

    private static FusedStep? StepAt(Block block, int first)
    {
        var layers = block.Layers;
        var next = first;
        var folded = NormCanBeFoldedInto(block, first) ? layers[next++] : null;
        var norm = Layer(next) is { Layer: NormLayer { Function: NormKind.Batch or NormKind.Layer or NormKind.RMS } } found ? found : null;
        next += norm is null ? 0 : 1;
        var activation = Layer(next) is { Layer: ActivationLayer { Function: var function } } following && IsElementwise(function) ? following : null;
        next += activation is null ? 0 : 1;
        var dropout = Layer(next) is { Layer: DropoutLayer last } dropping && CanEnd(last, dropping, norm) ? dropping : null;
        next += dropout is null ? 0 : 1;

        var text = string.Join(" + ", new[] { norm, activation, dropout }.Where(placed => placed is not null).Select(placed => KindOf(placed!)));
        var alone = (norm is null ? 0 : 1) + (activation is null ? 0 : 1) + (dropout is null ? 0 : 1) == 1;
        return norm?.Layer switch
        {
            NormLayer { Function: NormKind.Batch } => Step(FusedKernel.BatchNorm),
            NormLayer { Function: NormKind.RMS } => Step(alone ? FusedKernel.Module : FusedKernel.RMSNorm),
            NormLayer => alone ? null : Step(FusedKernel.LayerNorm),
            _ when activation is not null && dropout is not null => Step(FusedKernel.Activation),
            _ when dropout is not null => Step(FusedKernel.Dropout),
            _ => Single(),
        };

        PlacedLayer? Layer(int index) => index < layers.Count ? layers[index] : null;

        FusedStep Step(FusedKernel kernel) => new(kernel, first, next - first, text, folded is null ? "" : KindOf(folded));

        FusedStep? Single() => layers[first].Layer switch
        {
            SwiGluLayer or FeedForwardLayer { Dropout.IsZero: false } => new FusedStep(FusedKernel.Module, first, 1, KindOf(layers[first])),
            DropPathLayer when block.Declaration.IsResidual && first == layers.Count - 1 => new FusedStep(FusedKernel.DropPath, first, 1, "DropPath + sum"),
            _ => null,
        };
    }

    /// <summary>Whether a dropout can end the step. Whole channels are dropped only where a batch norm has gone through them already.</summary>
    private static bool CanEnd(DropoutLayer dropout, PlacedLayer placed, PlacedLayer? norm) => dropout.Kind switch
    {
        DropoutKind.Element => true,
        DropoutKind.Spatial => norm?.Layer is NormLayer { Function: NormKind.Batch } && placed.Input is { IsKnown: true, Rank: >= 2 },
        _ => false,
    };

    /// <summary>Whether a batch norm follows directly, over the very channels that the layer makes, and nothing else stands between its weight and its use.</summary>
    private static bool NormCanBeFoldedInto(Block block, int index) =>
        index + 1 < block.Layers.Count
        && block.Layers[index + 1].Layer is NormLayer { Function: NormKind.Batch }
        && block.Layers[index] is { Tie: null } placed
        && (placed.Layer is ConvolutionLayer || (placed.Layer is LinearLayer && placed.Output is { IsKnown: true, Rank: 1 }))
        && !block.Regularizers.ReparametrizesWeights;

    private static bool IsElementwise(ActivationKind function) =>
        function is not (ActivationKind.None or ActivationKind.PReLU or ActivationKind.RReLU or ActivationKind.GLU);

    /// <summary>Why a layer is left to libtorch; null for one that computes nothing, or fuses by itself.</summary>
    private static string? ReasonFor(Layer layer) => layer switch
    {
        FlattenLayer or ReshapeLayer or StackLayer or UnreadableLayer => null,
        ActivationLayer { Function: ActivationKind.PReLU } => "it learns its slope",
        ActivationLayer { Function: ActivationKind.RReLU } => "it draws its slopes",
        NormLayer { Function: NormKind.Group or NormKind.Instance } => NoKernel,
        DropoutLayer { Kind: DropoutKind.Alpha or DropoutKind.Gaussian or DropoutKind.Block } or GaussianNoiseLayer or DropPathLayer => NoKernel,
        _ => AsFast,
    };

    private static string KindOf(PlacedLayer placed) => LayerDescription.Kind(placed.Layer, placed.Input);
}

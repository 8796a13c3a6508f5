using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;

namespace SourceNet.Modeling.Passes;

/// <summary>
/// Decides which neighboring layers of a block one kernel computes: norm, activation and dropout in this order, what there is of it. A step that would hold
/// one layer only is left to libtorch where its operator is as fast. Blocks are methods of their own, so that no step reaches over the end of one; what the
/// generated forward computes across that end is for <see cref="SumFusion"/>.
/// </summary>
internal static class FusionPlanner
{
    private const string SwitchedOff = "[Model(Fuse = false)]";

    public static FusionPlan Plan(Block block, bool allowed)
    {
        var steps = new List<FusedStep>();
        var rest = new List<UnfusedLayer>();
        for (var i = 0; i < block.Layers.Count;)
        {
            if (allowed && (i == block.BodyCount ? WithSum(block, i) : StepAt(block, i)) is { } step)
            {
                steps.Add(step);
                if (step.FoldedInto.Length > 0)
                {
                    rest.Add(new UnfusedLayer(i, step.FoldedInto, block.Layers[i].Fusion.Reason));
                }

                i += step.Count;
                continue;
            }

            if (block.Layers[i].Fusion is { Role: not FusionRole.None } part)
            {
                rest.Add(new UnfusedLayer(i, block.Layers[i].Kind, allowed ? part.Reason : SwitchedOff));
            }

            i++;
        }

        return new FusionPlan(steps.ToEquatableArray(), rest.ToEquatableArray());
    }

    private static FusedStep? StepAt(Block block, int first)
    {
        var layers = block.Layers;
        var end = first < block.BodyCount ? block.BodyCount : layers.Count;
        var next = first;
        var folded = NormCanBeFoldedInto(block, first) ? layers[next++] : null;
        var norm = Take(FusionRole.BatchNorm, FusionRole.LayerNorm, FusionRole.RMSNorm);
        var activation = Take(FusionRole.Activation);
        var dropout = norm?.Fusion.Role == FusionRole.BatchNorm ? Take(FusionRole.Dropout, FusionRole.ChannelDropout) : Take(FusionRole.Dropout);

        var taken = new[] { norm, activation, dropout }.OfType<PlacedLayer>().ToList();
        var text = string.Join(" + ", taken.Select(placed => placed.Kind));
        return norm?.Fusion.Role switch
        {
            FusionRole.BatchNorm => Step(FusedKernel.BatchNorm),
            FusionRole.RMSNorm => Step(taken.Count == 1 ? FusedKernel.Module : FusedKernel.RMSNorm),
            FusionRole.LayerNorm => taken.Count == 1 ? null : Step(FusedKernel.LayerNorm),
            _ when activation is not null && dropout is not null => Step(FusedKernel.Activation),
            _ when dropout is not null => Step(FusedKernel.Dropout),
            _ => Single(),
        };

        // The next layer, if it has one of the roles.
        PlacedLayer? Take(params FusionRole[] roles) => next < end && roles.Contains(layers[next].Fusion.Role) ? layers[next++] : null;

        FusedStep Step(FusedKernel kernel) => new(kernel, first, next - first, text, folded?.Kind ?? "");

        FusedStep? Single() => layers[first].Fusion.Role switch
        {
            FusionRole.Kernel => new FusedStep(FusedKernel.Module, first, 1, layers[first].Kind),
            FusionRole.DropPath when block.Declaration.IsResidual && first == block.BodyCount - 1 =>
                new FusedStep(FusedKernel.DropPath, first, 1, "DropPath + sum"),
            _ => null,
        };
    }

    /// <summary>
    /// The step that is computed together with the sum before it: its kernel reads the sum's two tensors, so that it gains something where it holds one layer
    /// only. What is left to libtorch or to a kernel for images takes the sum as a tensor.
    /// </summary>
    private static FusedStep? WithSum(Block block, int first)
    {
        var step = StepAt(block, first);
        FusedKernel? kernel = (step?.Kernel, block.Layers[first].Fusion.Role) switch
        {
            (FusedKernel.RMSNorm or FusedKernel.LayerNorm or FusedKernel.Activation, _) => step!.Kernel,
            (_, FusionRole.RMSNorm) => FusedKernel.RMSNorm,
            (_, FusionRole.LayerNorm) => FusedKernel.LayerNorm,
            (_, FusionRole.Activation) => FusedKernel.Activation,
            _ => null,
        };
        return kernel is not { } found
            ? step
            : new FusedStep(found, first, step?.Count ?? 1, $"sum + {step?.Text ?? block.Layers[first].Kind}") { TakesSum = true };
    }

    /// <summary>
    /// Whether a batch norm follows directly, over the very channels that the layer makes, and nothing else stands between its weight and its use.
    /// </summary>
    private static bool NormCanBeFoldedInto(Block block, int index) =>
        index + 1 < (index < block.BodyCount ? block.BodyCount : block.Layers.Count)
        && block.Layers[index + 1].Fusion.Role == FusionRole.BatchNorm
        && block.Layers[index] is { Tie: null, Fusion.Role: FusionRole.TakesNorm }
        && !block.Regularizers.ReparametrizesWeights;
}

using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;

namespace SourceNet.Modeling.Passes;

/// <summary>
/// Decides which residual sums one kernel computes together with the norm or activation that the next block begins with, in a model and between the models of
/// a stack. It looks at the whole graph, where a block is a region: a sum that anything else takes stays by itself. So does every sum of a model whose author
/// wrote the forward, which calls each block for its tensor.
/// </summary>
internal static class SumFusion
{
    public static LayerGraph Plan(LayerGraph graph)
    {
        // Where the author wrote something of the method's name, no sum is left open.
        if (graph.Declaration is not { Fuse: true, HasForward: false, ForwardObstacle: null } declaration || declaration.TakenNames.Contains(FusedSum.Method))
        {
            return graph;
        }

        var sums = new List<FusedSum>();
        for (var from = 0; from + 1 < graph.Blocks.Count; from++)
        {
            if (LeavesSum(graph.Blocks[from]) && OnlyTaker(graph, from) == from + 1 && Begin(graph.Blocks[from + 1]) is var (next, step))
            {
                sums.Add(new FusedSum(from, from + 1, next, step));
            }
        }

        if (graph.Blocks.Count > 0
            && graph.Blocks.All(block => block.Obstacle is null)
            && LeavesSum(graph.Blocks[graph.Blocks.Count - 1])
            && Begin(graph.Blocks[0]) is var (first, firstStep))
        {
            sums.Add(new FusedSum(graph.Blocks.Count - 1, 0, first, firstStep));
        }

        return graph with { Sums = sums.ToEquatableArray() };
    }

    /// <summary>Whether a block ends with a residual sum that can be left open.</summary>
    private static bool LeavesSum(Block block) =>
        CanBeSplit(block) && (block.EndsWithSum || (block.Stack is { } stack && BetweenRepeats(stack) is not null));

    /// <summary>What a block begins with that can be computed together with a sum.</summary>
    private static (string Text, FusedStep? Step)? Begin(Block block)
    {
        if (!CanBeSplit(block))
        {
            return null;
        }

        if (block.Stack is { } stack)
        {
            return BetweenRepeats(stack) is { } sum ? (sum.Next, null) : null;
        }

        // Not a batch norm: its kernel goes through an image channel by channel, and a sum on the way is no faster than one by itself.
        var step = block.Fusion.Steps.FirstOrDefault(step => step.First == 0);
        step = (step?.Kernel, block.Layers.FirstOrDefault()?.Fusion.Role) switch
        {
            (FusedKernel.RMSNorm or FusedKernel.LayerNorm or FusedKernel.Activation, _) => step,
            (_, FusionRole.RMSNorm) => Alone(FusedKernel.RMSNorm),
            (_, FusionRole.LayerNorm) => Alone(FusedKernel.LayerNorm),
            (_, FusionRole.Activation) => Alone(FusedKernel.Activation),
            _ => null,
        };
        return step is null ? null : (step.Text, step);

        FusedStep Alone(FusedKernel kernel) => new(kernel, 0, 1, block.Layers[0].Kind);
    }

    private static FusedSum? BetweenRepeats(StackLayer stack) => stack.Model is { } model ? GraphBuilder.Inside(model).SumBetweenRepeats : null;

    /// <summary>
    /// Whether it can be written so that its first and its last step are somebody else's. A scope around all of its tensors would end too early, and where
    /// layers follow its own sum they are computed with that.
    /// </summary>
    private static bool CanBeSplit(Block block) => block.Obstacle is null && block.BodyCount == block.Layers.Count
        && !block.Layers.Any(placed => placed.LeavesTensorsBehind);

    /// <summary>The only block whose layers, and sum, take a block's tensor; -1 if somebody else does.</summary>
    private static int OnlyTaker(LayerGraph graph, int block)
    {
        var last = graph.Nodes.ToList().FindLastIndex(node => node.Block == block);
        var takers = last < 0 || graph.Outputs.Contains(last) ? [] : graph.Consumers(last).Select(node => graph.Nodes[node].Block).Distinct().ToList();
        return takers.Count == 1 ? takers[0] : -1;
    }
}

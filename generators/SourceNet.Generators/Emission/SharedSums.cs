using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;

namespace SourceNet.Generators.Emission;

/// <summary>The residual sums at a block's two ends that one kernel computes together with a neighbor's layers.</summary>
internal sealed class SharedSums(LayerGraph graph, Block block)
{
    private readonly int _place = graph.Blocks.ToList().IndexOf(block);

    /// <summary>Whether there is one, so that the block has a method that takes a sum.</summary>
    public bool Any => graph.Sums.Any(sum => sum.From == _place || sum.To == _place);

    /// <summary>Whether that method gives a sum that is still open.</summary>
    public bool GivesSum => block.EndsWithSum || Stack is not null;

    /// <summary>The stack that the block is, if it is one: its models are joined by themselves.</summary>
    public PlacedLayer? Stack => block.Stack is null ? null : block.Layers[0];

    /// <summary>The step that is computed together with the sum before the block.</summary>
    public FusedStep? Begin => graph.Sums.FirstOrDefault(sum => sum.To == _place)?.Step;

    /// <summary>What the method that takes a sum is.</summary>
    public string Variant =>
        $"{block.Declaration.MethodName} from a sum that the block before it left open{(GivesSum ? ", to one that the block after it computes" : "")}.";

    /// <summary>What is computed together at each end, and why.</summary>
    public IEnumerable<string> Comments()
    {
        foreach (var sum in graph.Sums)
        {
            var (before, after) = (graph.Blocks[sum.From], graph.Blocks[sum.To]);
            var where = sum.IsBetweenRepeats ? "In a stack" : "In forward";
            if (sum.From == _place)
            {
                var next = sum.IsBetweenRepeats ? " of the next model" : "";
                yield return $"{where} one kernel computes {Sum(before, "its")} and the {sum.Next} that {Name(after)}{next} begins with, which spares reading "
                    + "the sum again.";
            }

            if (sum.To == _place)
            {
                var previous = sum.IsBetweenRepeats ? " of the model before" : "";
                yield return $"{where} one kernel computes "
                    + $"{Sum(before, "the")}{(Stack is null ? $" that {Name(before)}{previous} ends with and its" : $" that {Name(before)} ends with and the")} {sum.Next}, "
                    + "which spares reading the sum again.";
            }
        }
    }

    private static string Sum(Block block, string article) =>
        block.Fusion.Steps.Any(step => step.Kernel == FusedKernel.DropPath) ? $"{article} DropPath, {article} sum" : $"{article} sum";

    /// <summary>What a reader knows it as: the method, or of a stack the model.</summary>
    private static string Name(Block block) => block.Stack is { } stack ? stack.DisplayName : block.Declaration.MethodName;
}

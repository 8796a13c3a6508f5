using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Passes;

/// <summary>Writes the nodes of a declared model: each call of a block becomes its layers, the rest stays as it was read.</summary>
internal sealed class NodeLowering
{
    private readonly List<GraphNode> _nodes = [];
    private readonly ModelDeclaration _declaration;
    private readonly IReadOnlyList<Block> _blocks;

    private NodeLowering(ModelDeclaration declaration, IReadOnlyList<Block> blocks) => (_declaration, _blocks) = (declaration, blocks);

    /// <param name="declaration">The model.</param>
    /// <param name="blocks">Its regions.</param>
    /// <param name="calls">What its own forward gives to them; null if they are chained.</param>
    /// <param name="input">The shape of a sample.</param>
    public static LayerGraph Lower(ModelDeclaration declaration, IReadOnlyList<Block> blocks, BlockCalls? calls, Shape input)
    {
        var lowering = new NodeLowering(declaration, blocks);
        var written = declaration.Written;
        var outputs = calls is null ? lowering.Chain(input) : lowering.Follow(written, calls);
        return new LayerGraph(declaration.Type.Name, lowering._nodes.ToEquatableArray(), outputs.ToEquatableArray())
        {
            Declaration = declaration,
            Blocks = blocks.ToEquatableArray(),
            Parts = written is null ? default : PartShapes.Of(written.Parts, lowering._nodes),
            OpaqueParts = written?.OpaqueParts ?? default,
            CountsParts = written?.CountsParts ?? true,
            AsksForMode = written?.AsksForMode ?? false,
            IsComplete = written?.IsComplete ?? true,
            Output = outputs.Count == 1 ? lowering._nodes[outputs[0]].Output : Shape.Unknown,
        };
    }

    /// <summary>All blocks in order of declaration.</summary>
    private List<int> Chain(Shape input)
    {
        var last = Add(new GraphNode(new GraphOperation.Input("input"), default, _blocks.Count > 0 ? _blocks[0].Input : input, Origin.Class, ""));
        for (var i = 0; i < _blocks.Count; i++)
        {
            last = Apply(i, last);
        }

        return [last];
    }

    private List<int> Follow(LayerGraph? written, BlockCalls calls)
    {
        var places = new List<int>();
        for (var i = 0; i < (written?.Nodes.Count ?? 0); i++)
        {
            var node = written!.Nodes[i];
            var block = node.Operation is GraphOperation.Call call
                ? _blocks.ToList().FindIndex(candidate => candidate.Declaration.MethodName == call.Block)
                : -1;
            places.Add(block >= 0 && node.Inputs.Count > 0
                ? Apply(block, places[node.Inputs[0]])
                : Add(node with { Inputs = node.Inputs.Select(input => places[input]).ToEquatableArray(), Output = calls.Shapes[i] }));
        }

        return written?.Outputs.Select(output => places[output]).ToList() ?? [];
    }

    /// <summary>The layers of a block, one after another, and the input on top of its body if it is residual.</summary>
    private int Apply(int index, int input)
    {
        var block = _blocks[index];
        var last = input;
        for (var i = 0; i < block.Layers.Count; i++)
        {
            last = i == block.BodyCount ? Sum(last) : last;
            var placed = block.Layers[i];
            var operation = new GraphOperation.Apply(placed.Layer, Dim.Unknown, placed.HasBias, placed.Path, -1);
            last = Add(new GraphNode(operation, EquatableArray.Of(last), placed.Output, placed.Layer.Origin, "") { Block = index });
        }

        return block.EndsWithSum ? Sum(last) : last;

        int Sum(int body)
        {
            var shape = block.EndsWithSum ? block.Output : block.Layers[block.BodyCount].Input;
            return Add(new GraphNode(new GraphOperation.Sum(), EquatableArray.Of(input, body), shape, block.Declaration.ResidualOrigin, "") { Block = index });
        }
    }

    private int Add(GraphNode node)
    {
        var rests = node.Block >= 0
            ? _blocks[node.Block].IsFrozenForGood
            : node.Operation is GraphOperation.Apply { Path: var path } && _declaration.NeverLearns(path);
        _nodes.Add(rests ? node with { RestsInEvalMode = true } : node);
        return _nodes.Count - 1;
    }
}

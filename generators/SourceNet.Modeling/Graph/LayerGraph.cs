using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Graph;

/// <summary>
/// A model: every operation of its forward, where each gets its input from, and what the passes found. Declared and hand-written models become the same
/// graph, and nothing else describes a model: generator, rules, audit, <c>explain</c> and <c>convert</c> take this one.
/// </summary>
/// <param name="Name">The model's class, or what holds its layers.</param>
/// <param name="Nodes">In the order of execution: a node's inputs stand before it.</param>
/// <param name="Outputs">The nodes whose tensors the forward returns, as far as they are known.</param>
public sealed record LayerGraph(string Name, EquatableArray<GraphNode> Nodes, EquatableArray<int> Outputs)
{
    /// <summary>What its attributes say; null for a hand-written model.</summary>
    public ModelDeclaration? Declaration { get; init; }

    /// <summary>The regions of a declared model, in order of declaration. A hand-written one has none.</summary>
    public EquatableArray<Block> Blocks { get; init; }

    /// <summary>The modules that hand-written code of the model makes and holds, each once, whether or not its forward applies it.</summary>
    public EquatableArray<PlacedLayer> Parts { get; init; }

    /// <summary>The paths of modules of which nothing but their type is known.</summary>
    public EquatableArray<string> OpaqueParts { get; init; }

    /// <summary>Whether each part stands for one module. One that a loop or a condition makes stands for nobody knows how many.</summary>
    public bool CountsParts { get; init; } = true;

    /// <summary>Whether code asks for the mode, or does something else that depends on it and that no layer is.</summary>
    public bool AsksForMode { get; init; }

    /// <summary>What differs between the modes of the declared models that hand-written code holds.</summary>
    public ModeEffect InsideMode { get; init; } = ModeEffect.Same;

    /// <summary>Whether reading stayed within its bounds.</summary>
    public bool IsComplete { get; init; } = true;

    /// <summary>The shape of one sample that comes out.</summary>
    public Shape Output { get; init; } = Shape.Unknown;

    /// <summary>Every regularizer with what it acts on.</summary>
    public EquatableArray<PlannedRegularizer> Plan { get; init; }

    /// <summary>The parameters that the optimizer treats alike; none for a hand-written model.</summary>
    public EquatableArray<ParameterGroup> Groups { get; init; }

    /// <summary>The residual sums that one kernel computes together with what follows them in the next block.</summary>
    public EquatableArray<FusedSum> Sums { get; init; }

    /// <summary>The one of them that lies between a model of a stack and the next one; null if this model's ends cannot be joined.</summary>
    public FusedSum? SumBetweenRepeats => Sums.FirstOrDefault(sum => sum.IsBetweenRepeats);

    /// <summary>What is wrong with the declaration.</summary>
    public EquatableArray<Problem> Problems { get; init; }

    /// <summary>All layers: those of the blocks, and those that hand-written code makes.</summary>
    public IEnumerable<PlacedLayer> Layers => Blocks.SelectMany(block => block.Layers).Concat(Parts);

    /// <summary>How many numbers it learns, as a number or an expression over its sizes; unknown where a shape or a part is.</summary>
    public Dim ParameterCount => !IsComplete
        || !CountsParts
        || OpaqueParts.Count > 0
        || Declaration?.Parts.Any(part => part.Kind == PartKind.Parameter) == true
        || Nodes.Any(node => node.Operation is GraphOperation.Constant { IsLearned: true })
        ? Dim.Unknown
        : Layers.Aggregate((Dim)0, (sum, placed) => sum + placed.ParameterCount);

    /// <summary>Whether train and eval mode differ.</summary>
    public ModeEffect Mode => ModeEffect.All(
    [
        .. Blocks.Select(block => block.Mode),
        .. Parts.Where(placed => !placed.IsOfModelInside && !NeverLearns(placed.Path)).Select(placed => placed.Layer.Mode),
        InsideMode,
        .. Nodes.Where(node => node.Block < 0 && !node.RestsInEvalMode).Select(node => node.Operation.Mode),
        .. AsksForMode ? [ModeEffect.Of("its forward asks for the mode")] : Array.Empty<ModeEffect>(),
        .. OpaqueParts.Count > 0 || !IsComplete ? [ModeEffect.Unknown] : Array.Empty<ModeEffect>(),
    ]);

    /// <summary>Whether a part is frozen for good, and so in eval mode whatever the model is in.</summary>
    private bool NeverLearns(string path) => Declaration?.NeverLearns(path) == true;

    /// <summary>The nodes that take a node's tensor.</summary>
    public IEnumerable<int> Consumers(int node)
    {
        for (var i = node + 1; i < Nodes.Count; i++)
        {
            if (Nodes[i].Inputs.Contains(node))
            {
                yield return i;
            }
        }
    }

    /// <summary>The only node that takes a node's tensor; null if there are several, none, or the forward returns the tensor.</summary>
    public int? OnlyConsumer(int node)
    {
        var consumers = Consumers(node).Take(2).ToList();
        return consumers.Count == 1 && !Outputs.Contains(node) ? consumers[0] : null;
    }

    /// <summary>The layer that a node applies, if it applies one.</summary>
    public Layer? LayerAt(int node) => (Nodes[node].Operation as GraphOperation.Apply)?.Layer;
}

/// <summary>A step of a forward.</summary>
/// <param name="Inputs">The nodes whose tensors go in.</param>
/// <param name="Output">The shape of one sample that comes out, as far as it is known.</param>
/// <param name="Used">Where the step is written; where its layer is made says the layer.</param>
/// <param name="Owner">The path of the module whose forward writes it; empty for the model itself.</param>
public sealed record GraphNode(GraphOperation Operation, EquatableArray<int> Inputs, Shape Output, Origin Used, string Owner)
{
    /// <summary>The region that it lies in, as its place among <see cref="LayerGraph.Blocks"/>; -1 for a step of hand-written code.</summary>
    public int Block { get; init; } = -1;

    /// <summary>Whether it is of what is frozen for good, in this model or in one inside.</summary>
    public bool RestsInEvalMode { get; init; }
}

using SourceNet.Modeling;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Analyzers.Architecture;

/// <summary>The graph of a model with what rules ask of it.</summary>
/// <param name="Graph">The layers and operators.</param>
internal sealed record ModelGraph(LayerGraph Graph)
{
    // Only messages speak of shapes.
    private readonly Lazy<LayerGraph> _shaped = new(() => HandWritten.WithShapes(Graph));

    /// <summary>The nodes that apply layers of a kind, with the layers.</summary>
    public IEnumerable<(int Node, T Layer)> Layers<T>()
        where T : Layer
    {
        for (var i = 0; i < Graph.Nodes.Count; i++)
        {
            if (Graph.LayerAt(i) is T layer)
            {
                yield return (i, layer);
            }
        }
    }

    public GraphOperation.Apply Apply(int node) => (GraphOperation.Apply)Graph.Nodes[node].Operation;

    /// <summary>Where a node's layer is applied.</summary>
    public Origin UsedAt(int node) => Graph.Nodes[node].Used;

    /// <summary>A layer in words: <c>Dropout 'drop1'</c>.</summary>
    public string Name(int node)
    {
        var apply = Apply(node);
        var input = Graph.Nodes[node].Inputs.Count == 0 ? Shape.Unknown : _shaped.Value.Nodes[Graph.Nodes[node].Inputs[0]].Output;
        var kind = apply.Layer.KindFor(input);
        return apply.Path.Length == 0 ? kind : $"{kind} '{apply.Path}'";
    }

    /// <summary>
    /// The node before this one; null where there are several or none. Steps that <paramref name="skipped"/> names are passed over.
    /// </summary>
    public int? Before(int node, Func<int, bool> skipped)
    {
        while (Graph.Nodes[node].Inputs is { Count: 1 } inputs)
        {
            node = inputs[0];
            if (!skipped(node))
            {
                return node;
            }
        }

        return null;
    }

    /// <summary>The nodes that take what this one gives, past steps that <paramref name="skipped"/> names.</summary>
    public IEnumerable<int> After(int node, Func<int, bool> skipped) =>
        Graph.Consumers(node).SelectMany(consumer => skipped(consumer) ? After(consumer, skipped) : [consumer]).Distinct();

    /// <summary>Whether a node changes numbers one by one, or picks some of them: what is random before it stays so after it.</summary>
    public bool KeepsElements(int node) => Graph.Nodes[node].Operation is GraphOperation.Scale or GraphOperation.Apply { Layer.KeepsElements: true };

    /// <summary>Whether a node gives what it gets in another shape.</summary>
    public bool OnlyReshapes(int node) => Graph.Nodes[node].Operation
        is GraphOperation.Rearrangement { Name: "squeeze" or "unsqueeze" or "view" or "reshape" or "flatten" }
        or GraphOperation.Apply { Layer.OnlyReshapes: true };

    /// <summary>
    /// The nodes that give the model's result, past a softmax and changes of shape. Of a hand-written model it is not known whether they are logits.
    /// </summary>
    public IEnumerable<int> Results() => Graph.Outputs
        .Select(output => IsAfterLogits(output) ? Before(output, IsAfterLogits) : output)
        .OfType<int>();

    /// <summary>
    /// Whether the model says itself that its result is logits: by its objective, or by a log-softmax at the end. A softmax may give weights of attention.
    /// </summary>
    public bool GivesLogits => Graph.Declaration is { } declared
        ? declared.Objective is ObjectiveKind.CrossEntropy or ObjectiveKind.BinaryCrossEntropy && declared.Blocks.Any(block => block.IsOutput)
        : Graph.Outputs.Any(output => Graph.LayerAt(output) is SoftmaxLayer { Log: true });

    private bool IsAfterLogits(int node) => OnlyReshapes(node) || Graph.LayerAt(node) is SoftmaxLayer;
}

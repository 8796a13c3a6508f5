using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Graph;

/// <summary>
/// What a forward computes: every layer and operator that it applies, and where each gets its input from. Declared and hand-written models become the same graph,
/// so that a rule about architecture is written once.
/// </summary>
/// <param name="Name">The model's class, or what holds its layers.</param>
/// <param name="Nodes">In the order of execution: a node's inputs stand before it.</param>
/// <param name="Outputs">The nodes whose tensors the forward returns, as far as they are known.</param>
public sealed record LayerGraph(string Name, EquatableArray<GraphNode> Nodes, EquatableArray<int> Outputs)
{
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
public sealed record GraphNode(GraphOperation Operation, EquatableArray<int> Inputs, Shape Output, Origin Used, string Owner);

/// <summary>What a step does.</summary>
public abstract record GraphOperation
{
    /// <summary>A parameter of the forward.</summary>
    public sealed record Input(string Name) : GraphOperation;

    /// <summary>A layer is applied: a module, or a function that does the same.</summary>
    /// <param name="InSize">The features or channels that the layer says it takes; unknown for one that takes any.</param>
    /// <param name="HasBias">Whether it adds a bias; null if that is not known.</param>
    /// <param name="Path">The module's path in the state_dict; empty for a function.</param>
    /// <param name="Module">The number of the module object in the graph, the same wherever it is applied; -1 for a function.</param>
    public sealed record Apply(Layer Layer, Dim InSize, bool? HasBias, string Path, int Module) : GraphOperation;

    /// <summary>A weight or another tensor that does not come from the input.</summary>
    public sealed record Constant(string Name) : GraphOperation;

    /// <summary>The sum or difference of tensors.</summary>
    public sealed record Sum : GraphOperation;

    /// <summary>The product of tensors, elementwise or as matrices.</summary>
    public sealed record Product : GraphOperation;

    /// <summary>Scaled dot-product attention of queries, keys and values.</summary>
    public sealed record Attend(Rate Dropout) : GraphOperation;

    /// <summary>Tensors side by side.</summary>
    public sealed record Concatenation(int? Axis) : GraphOperation;

    /// <summary>Multiplied by a number, or a number added: linear without weights.</summary>
    public sealed record Scale : GraphOperation;

    /// <summary>A function of each number by itself that no layer is: <c>exp</c>.</summary>
    public sealed record Pointwise(string Name) : GraphOperation;

    /// <summary>The same numbers in another shape or order, or some of them.</summary>
    public sealed record Rearrangement(string Name) : GraphOperation;

    /// <summary>One of several tensors: which, a condition decides at run time.</summary>
    public sealed record Either : GraphOperation;

    /// <summary>Anything else. No rule looks past it.</summary>
    public sealed record Unknown(string Name) : GraphOperation;
}

using Microsoft.CodeAnalysis;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Recognized;

/// <summary>Collects the nodes of a graph while a forward is read, and the places in the code that they come from.</summary>
internal sealed class GraphWriter
{
    private readonly List<GraphNode> _nodes = [];
    private readonly List<SyntaxNode> _places = [];

    public IReadOnlyList<GraphNode> Nodes => _nodes;

    public IReadOnlyList<SyntaxNode> Places => _places;

    /// <summary>The path of the module whose forward is being read.</summary>
    public string Owner { get; set; } = "";

    public Origin PlaceOf(SyntaxNode code)
    {
        _places.Add(code);
        return new Origin(OriginKind.Code, _places.Count - 1);
    }

    public Value.Tensor Add(GraphOperation operation, SyntaxNode code, params int[] inputs) => AddAt(operation, PlaceOf(code), Shape.Unknown, inputs);

    /// <summary>A step of another model's graph, in the place of a call of it.</summary>
    public Value.Tensor AddOf(GraphNode inner, Origin used, params int[] inputs)
    {
        _nodes.Add(inner with { Inputs = inputs.ToEquatableArray(), Used = used, Owner = Owner, Block = -1 });
        return new Value.Tensor(_nodes.Count - 1);
    }

    public Value.Tensor AddAt(GraphOperation operation, Origin used, Shape output, params int[] inputs)
    {
        _nodes.Add(new GraphNode(operation, inputs.ToEquatableArray(), output, used, Owner));
        return new Value.Tensor(_nodes.Count - 1);
    }
}

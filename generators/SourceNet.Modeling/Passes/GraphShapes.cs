using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Passes;

/// <summary>Follows the shape of one sample through the graph of a hand-written model. Nothing is reported: TorchSharp checks sizes at run time.</summary>
public static class GraphShapes
{
    public static LayerGraph Infer(LayerGraph graph)
    {
        var shapes = new List<Shape>();
        foreach (var node in graph.Nodes)
        {
            // Of the layers of a declared model it is known already.
            shapes.Add(node.Output.IsKnown ? node.Output : Output(node, node.Inputs.Select(input => shapes[input]).ToList()));
        }

        return graph with { Nodes = graph.Nodes.Zip(shapes, (node, shape) => node with { Output = shape }).ToEquatableArray() };
    }

    private static Shape Output(GraphNode node, IReadOnlyList<Shape> inputs)
    {
        var input = inputs.FirstOrDefault() ?? Shape.Unknown;
        return node.Operation switch
        {
            GraphOperation.Apply apply => After(apply, input),
            GraphOperation.Scale or GraphOperation.Pointwise => input,
            // The input of a sum that is known tells of the others, unless they are spread over it.
            GraphOperation.Sum => inputs.All(shape => shape == input) ? input : Shape.Unknown,
            GraphOperation.Either => inputs.Count > 1 && inputs.All(shape => shape == input) ? input : Shape.Unknown,
            _ => Shape.Unknown,
        };
    }

    private static Shape After(GraphOperation.Apply apply, Shape input)
    {
        if (apply.Layer is ConvolutionLayer { Rank: var rank } && !input.IsKnown)
        {
            // A convolution says what goes in, but for the extent.
            input = new Shape(Enumerable.Repeat(Dim.Unknown, rank).Prepend(apply.InSize).ToEquatableArray(), Layout.ChannelsFirst);
        }

        var problems = new List<Problem>();
        var output = new ShapeInference([], problems).After(apply.Layer, input, isReported: false);
        return problems.Count == 0 ? output : Shape.Unknown;
    }
}

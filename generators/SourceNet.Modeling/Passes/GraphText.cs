using System.Text;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Passes;

/// <summary>A layer graph as text, a line for each node: <c>2 conv1: Conv2d 3 -> 64, kernel 3 [64, ?, ?] (1)</c>.</summary>
public static class GraphText
{
    public static string Of(LayerGraph graph)
    {
        var text = new StringBuilder();
        for (var i = 0; i < graph.Nodes.Count; i++)
        {
            var node = graph.Nodes[i];
            var shape = node.Output.IsKnown ? $" {node.Output}" : "";
            var inputs = node.Inputs.Count == 0 ? "" : $" ({string.Join(", ", node.Inputs)})";
            text.Append($"{i} {Step(graph, i)}{shape}{inputs}\n");
        }

        return text.Append($"-> {string.Join(", ", graph.Outputs)}\n").ToString();
    }

    /// <summary>What a node does: <c>conv1: Conv2d 3 -> 64, kernel 3</c>.</summary>
    public static string Step(LayerGraph graph, int node)
    {
        var (operation, inputs) = (graph.Nodes[node].Operation, graph.Nodes[node].Inputs);
        return Of(operation, inputs.Count == 0 ? Shape.Unknown : graph.Nodes[inputs[0]].Output);
    }

    private static string Of(GraphOperation operation, Shape input) => operation switch
    {
        GraphOperation.Apply apply => (apply.Path.Length == 0 ? "" : apply.Path + ": ") + Of(apply, input),
        GraphOperation.Input parameter => $"input {parameter.Name}",
        GraphOperation.Constant constant => $"constant {constant.Name}",
        GraphOperation.Sum => "sum",
        GraphOperation.Product => "product",
        GraphOperation.Attend attend => "attention" + (attend.Dropout.IsZero ? "" : $", dropout {attend.Dropout.Text}"),
        GraphOperation.Concatenation concatenation => "cat" + (concatenation.Axis is { } axis ? $" axis {axis}" : ""),
        GraphOperation.Scale => "scale",
        GraphOperation.Pointwise pointwise => pointwise.Name,
        GraphOperation.Rearrangement rearrangement => rearrangement.Name,
        GraphOperation.Either => "either",
        GraphOperation.Unknown unknown => $"unknown {unknown.Name}",
        _ => "?",
    };

    /// <summary>The layer of a node as its own code says it, whatever is known of the graph around it.</summary>
    public static PlacedLayer Placed(GraphOperation.Apply apply, Shape input, Shape output)
    {
        if (apply is { Layer: LinearLayer, InSize.IsKnown: true })
        {
            input = Shape.Of(Layout.FeaturesLast, apply.InSize);
        }
        else if (!input.IsKnown)
        {
            input = apply.Layer is ConvolutionLayer { Rank: var rank } ? Shape.Of(Layout.ChannelsFirst, Enumerable.Repeat(Dim.Unknown, rank).Prepend(apply.InSize).ToArray()) : Shape.Of(Layout.FeaturesLast, apply.InSize);
        }

        return new PlacedLayer(apply.Layer, "", apply.Path, input, output, apply.HasBias != false, null);
    }

    private static string Of(GraphOperation.Apply apply, Shape input)
    {
        var details = Placed(apply, input, Shape.Unknown).Details;
        return apply.Layer.KindFor(input) + (details.Length == 0 ? "" : " " + details);
    }
}

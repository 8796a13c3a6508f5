using System.Text;
using SourceNet.Modeling.Graph;
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
        return operation.Text(inputs.Count == 0 ? Shape.Unknown : graph.Nodes[inputs[0]].Output);
    }
}

using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Passes;

/// <summary>The passes over a hand-written model. Nothing is reported, and nothing is fused: its code stays as it is.</summary>
public static class HandWritten
{
    /// <summary>With what regularizes it.</summary>
    internal static LayerGraph Planned(LayerGraph graph) => graph with { Plan = RegularizationPlanner.PlanHandWritten(graph) };

    /// <summary>With the shapes that follow from what its layers say. A declared model has them already.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="input">The shape of one sample, where somebody says it.</param>
    public static LayerGraph WithShapes(LayerGraph graph, Shape? input = null)
    {
        if (graph.Declaration is not null)
        {
            return graph;
        }

        var shaped = GraphShapes.Infer(graph, input);
        return shaped with
        {
            Parts = PartShapes.Of(shaped.Parts, shaped.Nodes),
            Output = shaped.Outputs.Count == 1 ? shaped.Nodes[shaped.Outputs[0]].Output : shaped.Output
        };
    }
}

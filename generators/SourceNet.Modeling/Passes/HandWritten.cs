using SourceNet.Modeling.Graph;

namespace SourceNet.Modeling.Passes;

/// <summary>The passes over a hand-written model. Nothing is reported, and nothing is fused: its code stays as it is.</summary>
public static class HandWritten
{
    /// <summary>With what regularizes it.</summary>
    internal static LayerGraph Planned(LayerGraph graph) => graph with { Plan = RegularizationPlanner.PlanHandWritten(graph) };

    /// <summary>With the shapes that follow from what its layers say. A declared model has them already.</summary>
    public static LayerGraph WithShapes(LayerGraph graph)
    {
        if (graph.Declaration is not null)
        {
            return graph;
        }

        var shaped = GraphShapes.Infer(graph);
        return shaped with
        {
            Parts = PartShapes.Of(shaped.Parts, shaped.Nodes),
            Output = shaped.Outputs.Count == 1 ? shaped.Nodes[shaped.Outputs[0]].Output : shaped.Output
        };
    }
}

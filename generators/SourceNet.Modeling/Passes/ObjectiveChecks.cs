using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Passes;

/// <summary>Whether what is said about the objectives goes with what comes out of the model.</summary>
public static class ObjectiveChecks
{
    internal static void Check(LayerGraph graph, List<Problem> problems)
    {
        foreach (var objective in graph.Declaration!.Objectives)
        {
            if (objective.Settings.ClassWeights is { Parameter: null } weights
                && Classes(graph, objective) is { Constant: { } classes }
                && classes != weights.Numbers.Count)
            {
                problems.Add(Problems.ClassCount(classes, weights.Numbers.Count, weights.Origin));
            }
        }
    }

    /// <summary>Whether the classes are the last axis of a sequence of predictions, where cross-entropy wants them on axis 1.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="objective">One of its objectives; null for the one of a model that says nothing.</param>
    public static bool PredictsSequence(LayerGraph graph, DeclaredObjective? objective) =>
        Predictions(graph, objective) is { IsKnown: true, Rank: > 1, Layout: Layout.FeaturesLast };

    private static Dim Classes(LayerGraph graph, DeclaredObjective objective) => Predictions(graph, objective) is { IsKnown: true, Rank: > 0 } output
        ? PredictsSequence(graph, objective) ? output.Last : output.Dims[0]
        : Dim.Unknown;

    private static Shape Predictions(LayerGraph graph, DeclaredObjective? objective)
    {
        if (objective?.Of is { Count: > 0 } of && graph.Declaration?.Signature is { } signature)
        {
            var place = signature.Outputs.ToList().IndexOf(of[0]);
            return graph.Outputs.Count == signature.Outputs.Count && place >= 0 ? graph.Nodes[graph.Outputs[place]].Output : Shape.Unknown;
        }

        return graph.Output.IsKnown ? graph.Output : graph.Blocks.LastOrDefault(block => block.Declaration.IsOutput)?.Output ?? Shape.Unknown;
    }
}

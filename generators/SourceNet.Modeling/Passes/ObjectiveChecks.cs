using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Passes;

/// <summary>Whether what is said about the objective goes with what comes out of the model.</summary>
public static class ObjectiveChecks
{
    internal static void Check(LayerGraph graph, List<Problem> problems)
    {
        if (graph.Declaration!.ObjectiveSettings.ClassWeights is { Parameter: null } weights
            && Classes(graph) is { Constant: { } classes }
            && classes != weights.Numbers.Count)
        {
            problems.Add(Problems.ClassCount(classes, weights.Numbers.Count, weights.Origin));
        }
    }

    /// <summary>Whether the classes are the last axis of a sequence of predictions, where cross-entropy wants them on axis 1.</summary>
    public static bool PredictsSequence(LayerGraph graph) => Predictions(graph) is { IsKnown: true, Rank: > 1, Layout: Layout.FeaturesLast };

    private static Dim Classes(LayerGraph graph) => Predictions(graph) is { IsKnown: true, Rank: > 0 } output
        ? PredictsSequence(graph) ? output.Last : output.Dims[0]
        : Dim.Unknown;

    private static Shape Predictions(LayerGraph graph) => graph.Output.IsKnown ? graph.Output
        : graph.Blocks.LastOrDefault(block => block.Declaration.IsOutput)?.Output ?? Shape.Unknown;
}

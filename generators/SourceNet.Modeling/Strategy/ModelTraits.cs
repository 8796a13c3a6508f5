using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Regularizers;

namespace SourceNet.Modeling.Strategy;

/// <summary>What strategy asks of a model.</summary>
/// <param name="Dropout">The largest rate of its dropouts, 0 without any; null if one is not known.</param>
/// <param name="WeightDecay">The decay of its weights, 0 without one; null if that is not known, as of a hand-written model.</param>
/// <param name="WeightedLayers">The number of layers with weights; null if some part of it is not known.</param>
/// <param name="HasNorm">Whether anything is normalized.</param>
/// <param name="HasOther">Whether another regularizer acts on it: a penalty, a constraint, label smoothing, noise.</param>
public sealed record ModelTraits(double? Dropout, double? WeightDecay, int? WeightedLayers, bool HasNorm, bool HasOther)
{
    public static ModelTraits Of(LayerGraph graph)
    {
        var layers = graph.Layers.Select(placed => placed.Layer).ToList();
        // What is not known, or is a model of its own, may hold anything.
        var isKnown = graph.OpaqueParts.Count == 0
            && !graph.Nodes.Any(node => node.Operation is GraphOperation.Unknown)
            && !layers.Any(layer => layer is StackLayer or OtherLayer { IsUnderstood: false } or UnreadableLayer);
        var rates = graph.Plan.Where(entry => IsDropout(entry.Kind)).Select(entry => entry.Strength.Value.Value).ToList();
        return new ModelTraits(
            rates.Contains(null) || !isKnown ? null : rates.DefaultIfEmpty(0).Max(),
            graph.Declaration is null ? null : Decay(graph),
            isKnown ? layers.Count(layer => layer is WeightedLayer) : null,
            layers.Any(layer => layer is NormLayer),
            layers.Any(layer => layer is DropPathLayer or GaussianNoiseLayer) || (graph.Declaration is { } declaration && HasOthers(graph, declaration)));
    }

    /// <summary>Whether it takes away activations at random, in whatever grain.</summary>
    private static bool IsDropout(RegularizationKind kind) => kind.Place() == RegularizationPlace.Forward && kind.Effect() == RegularizationEffect.Noise
        && kind is not (RegularizationKind.DropPath or RegularizationKind.GaussianNoise);

    private static double? Decay(LayerGraph model)
    {
        var decays = model.Groups
            .Select(group => group.Regularizers[RegularizationKind.WeightDecay])
            .OfType<DeclaredRegularizer>()
            .Select(decay => decay.Strength.Value.Value)
            .ToList();
        return decays.Contains(null) ? null : decays.DefaultIfEmpty(0).Max();
    }

    private static bool HasOthers(LayerGraph model, ModelDeclaration declaration) =>
        declaration.ModelRegularizers.Any(declared => TakesCapacity(declared.Kind))
        || model.Blocks.Any(block => block.Regularizers.Entries.Any(entry => entry.Kind is not (RegularizationKind.WeightDecay
            or RegularizationKind.LearningRate)));

    /// <summary>Bounds on gradients and averages of weights steady a training and regularize nothing; when it ends is another matter.</summary>
    private static bool TakesCapacity(RegularizationKind kind) => kind.Effect() is not (RegularizationEffect.Stabilization or RegularizationEffect.Stopping);
}

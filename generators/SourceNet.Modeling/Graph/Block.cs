using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Regularizers;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Graph;

/// <summary>
/// A region of a declared model's graph: the layers of an annotated method, the class's defaults applied. Its generated method, comment and diagnostics are
/// its own.
/// </summary>
/// <param name="Regularizers">What acts on its weights.</param>
/// <param name="Obstacle">Why no code can be written for it, if so.</param>
public sealed record Block(
    BlockDeclaration Declaration,
    EquatableArray<PlacedLayer> Layers,
    WeightRegularizers Regularizers,
    Shape Input,
    Shape Output,
    string? Obstacle)
{
    /// <summary>How many of the layers are the body of a residual: those before its sum. All of them where nothing follows it.</summary>
    public int BodyCount { get; init; } = Layers.Count;

    /// <summary>Whether it is residual and its sum is what it gives.</summary>
    public bool EndsWithSum => Declaration.IsResidual && BodyCount == Layers.Count;

    /// <summary>What computes the layers.</summary>
    public FusionPlan Fusion { get; init; } = FusionPlan.Empty;

    /// <summary>The models that it stacks, if it is a stack and nothing else.</summary>
    public StackLayer? Stack => !Declaration.IsResidual && Layers.Count == 1 ? Layers[0].Layer as StackLayer : null;

    /// <summary>Whether it never learns, and stays in eval mode.</summary>
    public bool IsFrozenForGood => Regularizers[RegularizationKind.Frozen] is { FreezesForGood: true };

    /// <summary>Whether train and eval mode differ, by its layers and by what makes their weights. What is frozen for good stays in eval mode.</summary>
    public ModeEffect Mode => IsFrozenForGood
        ? ModeEffect.Same
        : ModeEffect.All(Layers.Select(placed => placed.Layer.Mode)
            .Concat(Layers.Any(placed => placed.CanBeReparametrized) ? Regularizers.Entries.Select(RegularizerCatalogue.ModeOf) : []));

    /// <summary>What a layer of it learns; under weight norm the lengths of its units too.</summary>
    public IEnumerable<LayerParameter> ParametersOf(PlacedLayer placed) =>
        Regularizers[RegularizationKind.WeightNorm] is not null && placed.Layer is WeightedLayer { CanBeReparametrized: true } weighted
        ? placed.Parameters.Append(new LayerParameter(LayerParameter.Magnitude, ParameterRole.Other, weighted.Units))
        : placed.Parameters;
}

/// <summary>An entry of the regularization plan.</summary>
/// <param name="Fused">What one kernel computes together with it; empty if it is left to libtorch.</param>
public sealed record PlannedRegularizer(string Where, RegularizationKind Kind, Strength Strength, Provenance Provenance, string Fused = "")
{
    /// <summary>Whether it is of a model inside, so that names in its strength are that model's.</summary>
    public bool IsOfModelInside { get; init; }
}

/// <summary>Parameters that the optimizer treats alike.</summary>
/// <param name="Regularizers">What acts on them; none for biases, norm scales and embeddings.</param>
/// <param name="TransposedGroups">The groups of transposed convolutions, whose weights have their units on axis 1; null for all other weights.</param>
/// <param name="Inherits">Whether what the regularizers leave open comes from the model that this one is part of.</param>
public sealed record ParameterGroup(
    string Name,
    WeightRegularizers Regularizers,
    Dim? TransposedGroups,
    bool Inherits,
    EquatableArray<ParameterReference> Parameters)
{
    /// <summary>What the learning rate is multiplied with; null for nothing.</summary>
    public Rate? LearningRate { get; init; }
}

/// <summary>A parameter of a layer: <c>weight</c> of <c>conv</c> in <c>Block1</c>; of a composed layer, through its part: <c>query.weight</c>.</summary>
public sealed record ParameterReference(string Block, string Layer, string Member);

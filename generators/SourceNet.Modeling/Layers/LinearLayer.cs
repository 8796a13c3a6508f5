using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary><c>y = x Wᵀ + b</c> on the last axis.</summary>
/// <param name="OutFeatures">The features that come out.</param>
/// <param name="TiedTo">The block whose weight it shares; null for one with a weight of its own.</param>
public sealed record LinearLayer(Dim OutFeatures, string? TiedTo) : WeightedLayer
{
    internal static LayerKind Found { get; } = new()
    {
        Attributes = ["Linear"],
        Read = static attribute => new LinearLayer(attribute.Size(attribute.Positional(0), "The size"), attribute.Text("TiedTo"))
        {
            Bias = attribute.OptionalFlag("Bias")
        },
        Modules = ["Linear"],
        Functions = ["linear"],
        OwnModules = [],
        Recognize = static made => new(new LinearLayer(made.Size("outputSize"), null), made.Size("inputSize"), made.Flag("hasBias")),
    };

    public override string Role => "linear";

    public override bool CanBeReparametrized => TiedTo is null;

    public override Dim Units => OutFeatures;

    public override bool LosesBiasBeforeNorm => true;

    public override string KindFor(Shape input) => "Linear";

    public override IEnumerable<string> Settings(PlacedLayer placed) =>
        [$"{placed.Input.Last} -> {OutFeatures}", NoBias(placed), placed.Tie is { } tie ? $"tied to {tie.Path}" : ""];

    internal override Shape Infer(Shape input, ShapeInference shapes) =>
        shapes.LastSize(this, input) is null ? Shape.Unknown : input.With(input.Rank - 1, OutFeatures) with { Layout = Layout.FeaturesLast };

    internal override bool LacksSizes(PlacedLayer placed) => !placed.Output.IsKnown || !placed.Input.Last.IsKnown || !placed.Output.Last.IsKnown;

    public override IEnumerable<LayerParameter> Parameters(PlacedLayer placed)
    {
        if (placed.Tie is null)
        {
            yield return LayerParameter.Weight(OutFeatures * placed.Input.Last);
        }

        if (placed.HasBias)
        {
            yield return LayerParameter.Bias(OutFeatures);
        }
    }

    public override IEnumerable<ForwardRegularizer> Regularizers => [];

    public override ModeEffect Mode => ModeEffect.Same;

    public override FusionPart Fusion(PlacedLayer placed) =>
        FusionPart.AsFast(placed is { Tie: null, Output: { IsKnown: true, Rank: 1 } } ? FusionRole.TakesNorm : FusionRole.Alone);

    public override bool IsRegistered => true;

    public override IEnumerable<string>? Attribute => TiedTo is null ? ["Linear", AttributeText.Size(OutFeatures)] : null;

    public override Shape InputFor(Shape input, Dim size) => size.IsKnown ? Shape.Of(Layout.FeaturesLast, size) : base.InputFor(input, size);

    public override TResult Accept<TResult>(ILayerVisitor<TResult> visitor) => visitor.Linear(this);
}

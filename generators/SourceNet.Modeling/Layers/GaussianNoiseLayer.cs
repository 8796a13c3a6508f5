using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>Adds normal noise in train mode.</summary>
public sealed record GaussianNoiseLayer(Rate StandardDeviation) : Layer
{
    internal static LayerKind Found { get; } = new()
    {
        Attributes = ["GaussianNoise"],
        Read = static attribute => new GaussianNoiseLayer(attribute.Rate(attribute.Positional(0), "The standard deviation", value => value >= 0, "at least 0")),
        Modules = [],
        Functions = [],
        OwnModules = ["GaussianNoise"],
        Recognize = static made => MadeLayer.Of(new GaussianNoiseLayer(made.Rate("standardDeviation"))),
    };

    public override string Role => "noise";

    public override string KindFor(Shape input) => "GaussianNoise";

    public override IEnumerable<string> Settings(PlacedLayer placed) => [$"standard deviation {StandardDeviation.Text}"];

    internal override Shape Infer(Shape input, ShapeInference shapes) => input;

    internal override bool LacksSizes(PlacedLayer placed) => false;

    public override IEnumerable<LayerParameter> Parameters(PlacedLayer placed) => [];

    public override IEnumerable<ForwardRegularizer> Regularizers => [new(RegularizationKind.GaussianNoise, new(StandardDeviation))];

    public override ModeEffect Mode => ModeEffect.OfRate(StandardDeviation, "noise is still added");

    public override FusionPart Fusion(PlacedLayer placed) => FusionPart.NoKernel();

    public override bool IsRegistered => true;

    public override IEnumerable<string>? Attribute => ["GaussianNoise", AttributeText.Rate(StandardDeviation)];

    public override TResult Accept<TResult>(ILayerVisitor<TResult> visitor) => visitor.GaussianNoise(this);
}

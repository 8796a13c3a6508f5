using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>One axis of all that a sample has.</summary>
public sealed record FlattenLayer : Layer
{
    internal static LayerKind Found { get; } = new()
    {
        Attributes = ["Flatten"],
        Read = static _ => new FlattenLayer(),
        Modules = ["Flatten"],
        Functions = ["flatten"],
        OwnModules = [],
        Recognize = static made => made.Size("start_dim").Constant == 1 && made.Size("end_dim").Constant == -1 ? MadeLayer.Of(new FlattenLayer()) : null,
    };

    public override string Role => "flatten";

    public override bool TakesIndices => true;

    public override bool KeepsElements => true;

    public override bool OnlyReshapes => true;

    public override string KindFor(Shape input) => "Flatten";

    public override IEnumerable<string> Settings(PlacedLayer placed) => [];

    internal override Shape Infer(Shape input, ShapeInference shapes) =>
        input.IsKnown ? Shape.Of(Layout.FeaturesLast, input.Elements) with { IsIndices = input.IsIndices } : input;

    internal override bool LacksSizes(PlacedLayer placed) => false;

    public override IEnumerable<LayerParameter> Parameters(PlacedLayer placed) => [];

    public override IEnumerable<ForwardRegularizer> Regularizers => [];

    public override ModeEffect Mode => ModeEffect.Same;

    public override FusionPart Fusion(PlacedLayer placed) => FusionPart.None;

    public override bool IsRegistered => false;

    public override IEnumerable<string>? Attribute => ["Flatten"];

    public override TResult Accept<TResult>(ILayerVisitor<TResult> visitor) => visitor.Flatten(this);
}

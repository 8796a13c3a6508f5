using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>Makes a feature map larger without weights. Hand-written models have it; there is no attribute for it.</summary>
public sealed record UpsampleLayer : Layer
{
    internal static LayerKind Found { get; } = new()
    {
        Attributes = [],
        Read = LayerKind.NotDeclared,
        Modules = ["Upsample"],
        Functions = ["interpolate", "upsample", "upsample_nearest", "upsample_bilinear", "upsample_nearest1d", "upsample_nearest2d", "upsample_nearest3d"],
        OwnModules = [],
        Recognize = static _ => MadeLayer.Of(new UpsampleLayer()),
    };

    public override string Role => "upsample";

    public override string KindFor(Shape input) => "Upsample";

    public override IEnumerable<string> Settings(PlacedLayer placed) => [];

    internal override Shape Infer(Shape input, ShapeInference shapes) => Shape.Unknown;

    internal override bool LacksSizes(PlacedLayer placed) => false;

    public override IEnumerable<LayerParameter> Parameters(PlacedLayer placed) => [];

    public override IEnumerable<ForwardRegularizer> Regularizers => [];

    public override ModeEffect Mode => ModeEffect.Same;

    public override FusionPart Fusion(PlacedLayer placed) => FusionPart.AsFast();

    public override bool IsRegistered => false;

    public override IEnumerable<string>? Attribute => null;

    public override TResult Accept<TResult>(ILayerVisitor<TResult> visitor) => visitor.NotDeclared(this);
}

using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>Skips the body of a residual block for whole samples: stochastic depth (Huang et al. 2016).</summary>
public sealed record DropPathLayer(Rate Rate) : Layer
{
    internal static LayerKind Found { get; } = new()
    {
        Attributes = ["DropPath"],
        Read = static attribute => new DropPathLayer(attribute.Rate(attribute.Positional(0))),
        Modules = [],
        Functions = [],
        OwnModules = ["DropPath"],
        Recognize = static made => MadeLayer.Of(new DropPathLayer(made.Rate("rate"))),
    };

    public override string Role => "drop_path";

    public override bool IsSwitchedOff => Rate.IsZero;

    public override ClassDefault? Default => new(TailPlace.End, "DropPath", "it needs a [Residual] block with a weighted layer");

    public override string KindFor(Shape input) => "DropPath";

    public override IEnumerable<string> Settings(PlacedLayer placed) => [Rate.Text];

    internal override Shape Infer(Shape input, ShapeInference shapes) => input;

    internal override bool LacksSizes(PlacedLayer placed) => false;

    public override IEnumerable<LayerParameter> Parameters(PlacedLayer placed) => [];

    public override IEnumerable<ForwardRegularizer> Regularizers => [new(RegularizationKind.DropPath, new(Rate))];

    public override ModeEffect Mode => ModeEffect.OfRate(Rate, "drop path still skips blocks");

    public override FusionPart Fusion(PlacedLayer placed) => FusionPart.NoKernel(FusionRole.DropPath);

    public override bool IsRegistered => true;

    public override IEnumerable<string>? Attribute => ["DropPath", AttributeText.Rate(Rate)];

    public override TResult Accept<TResult>(ILayerVisitor<TResult> visitor) => visitor.DropPath(this);
}

using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>Stands for an attribute that could not be read: the shape after it is unknown and its block cannot be expanded.</summary>
public sealed record UnreadableLayer : Layer
{
    internal static LayerKind Found { get; } = new()
    {
        Attributes = [],
        Read = LayerKind.NotDeclared,
        Modules = [],
        Functions = [],
        OwnModules = [],
        Recognize = LayerKind.NotRecognized,
    };

    public override string Role => "";

    public override bool TakesIndices => true;

    public override string KindFor(Shape input) => "Unreadable";

    public override IEnumerable<string> Settings(PlacedLayer placed) => [];

    internal override Shape Infer(Shape input, ShapeInference shapes) => Shape.Unknown;

    internal override bool LacksSizes(PlacedLayer placed) => true;

    public override IEnumerable<LayerParameter> Parameters(PlacedLayer placed) => [LayerParameter.Unknown];

    public override IEnumerable<ForwardRegularizer> Regularizers => [];

    public override ModeEffect Mode => ModeEffect.Unknown;

    public override FusionPart Fusion(PlacedLayer placed) => FusionPart.None;

    public override bool IsRegistered => false;

    public override IEnumerable<string>? Attribute => null;

    public override TResult Accept<TResult>(ILayerVisitor<TResult> visitor) => visitor.NotDeclared(this);
}

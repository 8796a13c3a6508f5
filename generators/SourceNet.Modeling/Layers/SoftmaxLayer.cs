using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>Numbers as shares of one whole, over the channels or features; or their logarithms.</summary>
public sealed record SoftmaxLayer(bool Log) : Layer
{
    internal static LayerKind Found { get; } = new()
    {
        Attributes = ["Softmax"],
        Read = static attribute => new SoftmaxLayer(attribute.Flag("Log")),
        Modules = ["Softmax", "Softmax2d", "Softmin", "LogSoftmax"],
        Functions = ["softmax", "softmax2d", "softmin", "log_softmax"],
        OwnModules = [],
        Recognize = static made => MadeLayer.Of(new SoftmaxLayer(Log: made.Name is "LogSoftmax" or "log_softmax")),
    };

    public override string Role => "softmax";

    public override string KindFor(Shape input) => Log ? "LogSoftmax" : "Softmax";

    public override IEnumerable<string> Settings(PlacedLayer placed) => [];

    internal override Shape Infer(Shape input, ShapeInference shapes)
    {
        if (!input.IsKnown)
        {
            shapes.MissAxis(this, KindFor(input));
        }

        return input;
    }

    internal override bool LacksSizes(PlacedLayer placed) => !placed.Input.IsKnown;

    public override IEnumerable<LayerParameter> Parameters(PlacedLayer placed) => [];

    public override IEnumerable<ForwardRegularizer> Regularizers => [];

    public override ModeEffect Mode => ModeEffect.Same;

    public override FusionPart Fusion(PlacedLayer placed) => FusionPart.AsFast();

    public override bool IsRegistered => false;

    /// <summary>Hand-written code may mean another axis.</summary>
    public override IEnumerable<string>? Attribute => null;

    public override TResult Accept<TResult>(ILayerVisitor<TResult> visitor) => visitor.Softmax(this);
}

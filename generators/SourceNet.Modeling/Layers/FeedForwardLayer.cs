using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>Two linear layers with an activation, and perhaps a dropout, between them.</summary>
public sealed record FeedForwardLayer(Dim Hidden, ActivationKind Activation, Rate Dropout) : WeightedLayer
{
    private static readonly string[] s_parts = ["up", "down"];

    internal static LayerKind Found { get; } = new()
    {
        Attributes = ["FeedForward"],
        Read = static attribute => Read(attribute),
        Modules = [],
        Functions = [],
        OwnModules = ["FeedForward"],
        Recognize = static made => new(
            new FeedForwardLayer(
                made.Size("hidden"),
                Enum.TryParse<ActivationKind>(made.Choice("activation"), out var activation) ? activation : ActivationKind.GELU,
                made.Rate("dropout")),
            made.Size("dim"),
            made.Flag("bias")),
    };

    public override IReadOnlyList<string> Parts => s_parts;

    public override string Role => "feed_forward";

    public override string KindFor(Shape input) => "FeedForward";

    public override IEnumerable<string> Settings(PlacedLayer placed) =>
        [$"hidden {Hidden}", Activation.ToString(), Words.Rate(Dropout, "dropout"), NoBias(placed)];

    internal override Shape Infer(Shape input, ShapeInference shapes) =>
        shapes.LastSize(this, input) is null ? Shape.Unknown : input with { Layout = Layout.FeaturesLast };

    internal override bool LacksSizes(PlacedLayer placed) => !placed.Output.IsKnown || !placed.Input.Last.IsKnown || !placed.Output.Last.IsKnown;

    public override IEnumerable<LayerParameter> Parameters(PlacedLayer placed)
    {
        var width = placed.Input.Last;
        yield return LayerParameter.Weight(Hidden * width, "up.weight");
        yield return LayerParameter.Weight(Hidden * width, "down.weight");
        if (placed.HasBias)
        {
            yield return LayerParameter.Bias(Hidden, "up.bias");
            yield return LayerParameter.Bias(width, "down.bias");
        }
    }

    public override IEnumerable<ForwardRegularizer> Regularizers => ForwardRegularizer.OfRate(RegularizationKind.Dropout, Dropout);

    public override ModeEffect Mode => ModeEffect.OfRate(Dropout, "the feed-forward's dropout still drops");

    public override FusionPart Fusion(PlacedLayer placed) => FusionPart.AsFast(Dropout.IsZero ? FusionRole.Alone : FusionRole.Kernel);

    public override bool IsRegistered => true;

    public override IEnumerable<string>? Attribute =>
    [
        "FeedForward", AttributeText.Size(Hidden),
        .. Activation == ActivationKind.GELU ? Array.Empty<string>() : [$"Activation = ActivationKind.{Activation}"],
        .. Dropout.IsZero ? Array.Empty<string>() : [AttributeText.Rate(Dropout) is { Length: > 0 } rate ? $"Dropout = {rate}" : ""],
    ];

    public override TResult Accept<TResult>(ILayerVisitor<TResult> visitor) => visitor.FeedForward(this);

    private static FeedForwardLayer? Read(AttributeArguments attribute)
    {
        var activation = ActivationKind.GELU;
        if (attribute.Says("Activation"))
        {
            if (attribute.Choice<ActivationKind>(attribute.Named("Activation"), "Activation") is not { } choice)
            {
                return null;
            }

            activation = choice;
            if (activation is ActivationKind.None or ActivationKind.GLU or ActivationKind.PReLU or ActivationKind.RReLU)
            {
                attribute.Report(Problems.WrongValue(
                    "Activation of FeedForward",
                    "an elementwise function without parameters or chance",
                    activation.ToString(),
                    attribute.Origin));
            }
        }

        var dropout = attribute.Says("Dropout") ? attribute.Rate(attribute.Named("Dropout"), "Dropout") : Rate.Zero;
        return new(attribute.Size(attribute.Positional(0), "The hidden size"), activation, dropout) { Bias = attribute.OptionalFlag("Bias") };
    }
}

using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>Makes a feature map larger without weights.</summary>
/// <param name="Scale">How many times larger each axis becomes; unknown where hand-written code does not tell.</param>
public sealed record UpsampleLayer(Dim Scale, UpsampleKind Interpolation, bool AlignCorners) : Layer
{
    internal static LayerKind Found { get; } = new()
    {
        Attributes = ["Upsample"],
        Read = static attribute => Read(attribute),
        Modules = ["Upsample"],
        Functions = ["interpolate", "upsample", "upsample_nearest", "upsample_bilinear", "upsample_nearest1d", "upsample_nearest2d", "upsample_nearest3d"],
        OwnModules = [],
        Recognize = static _ => MadeLayer.Of(new UpsampleLayer(Dim.Unknown, UpsampleKind.Nearest, false)),
    };

    public override string Role => "upsample";

    public override string KindFor(Shape input) => "Upsample";

    public override IEnumerable<string> Settings(PlacedLayer placed) =>
    [
        Scale.IsKnown ? $"scale {Scale}" : "", Interpolation == UpsampleKind.Nearest ? "" : Interpolation.ToString().ToLowerInvariant(),
        AlignCorners ? "corners aligned" : "",
    ];

    internal override Shape Infer(Shape input, ShapeInference shapes)
    {
        if (!input.IsKnown || !Scale.IsKnown)
        {
            return Shape.Unknown;
        }

        var most = Interpolation == UpsampleKind.Cubic ? 3 : 4;
        if (input.Layout == Layout.FeaturesLast || input.Rank < 2 || input.Rank > most || (Interpolation == UpsampleKind.Cubic && input.Rank != 3))
        {
            var expected = Interpolation == UpsampleKind.Cubic ? "[C, H, W], channels first" : "[C, L], [C, H, W] or [C, D, H, W], channels first";
            shapes.Report(Problems.WrongRank("Upsample", expected, input, Origin));
            return Shape.Unknown;
        }

        return new Shape(input.Dims.Skip(1).Select(size => size * Scale).Prepend(input.Dims[0]).ToEquatableArray(), Layout.ChannelsFirst);
    }

    // How many axes there are decides what is called.
    internal override bool LacksSizes(PlacedLayer placed) => !Scale.IsKnown || !placed.Input.IsKnown;

    public override IEnumerable<LayerParameter> Parameters(PlacedLayer placed) => [];

    public override IEnumerable<ForwardRegularizer> Regularizers => [];

    public override ModeEffect Mode => ModeEffect.Same;

    public override FusionPart Fusion(PlacedLayer placed) => FusionPart.AsFast();

    public override bool IsRegistered => false;

    public override IEnumerable<string>? Attribute => !Scale.IsKnown
        ? null
        :
        [
            "Upsample", AttributeText.Size(Scale),
            .. Interpolation == UpsampleKind.Nearest ? Array.Empty<string>() : [$"Kind = UpsampleKind.{Interpolation}"],
            .. AlignCorners ? [AttributeText.Flag("AlignCorners", true)] : Array.Empty<string>(),
        ];

    public override TResult Accept<TResult>(ILayerVisitor<TResult> visitor) => visitor.Upsample(this);

    private static UpsampleLayer? Read(AttributeArguments attribute)
    {
        if (attribute.Choice<UpsampleKind>(attribute.Named("Kind") ?? (int)UpsampleKind.Nearest, "Kind") is not { } kind)
        {
            return null;
        }

        var alignCorners = attribute.Flag("AlignCorners");
        if (alignCorners && kind == UpsampleKind.Nearest)
        {
            attribute.Report(Problems.WrongValue("AlignCorners of Upsample", "left out: Nearest copies cells", "true", attribute.Origin));
        }

        return new(attribute.Size(attribute.Positional(0), "The scale"), kind, alignCorners);
    }
}

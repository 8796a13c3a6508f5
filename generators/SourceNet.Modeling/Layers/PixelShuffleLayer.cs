using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>Takes channels apart into cells of a larger image, or puts the cells of an image into channels.</summary>
/// <param name="Factor">How many times larger, or smaller, height and width become.</param>
/// <param name="Inverse">Whether the image becomes smaller.</param>
public sealed record PixelShuffleLayer(Dim Factor, bool Inverse) : Layer
{
    internal static LayerKind Found { get; } = new()
    {
        Attributes = ["PixelShuffle", "PixelUnshuffle"],
        Read = static attribute => new PixelShuffleLayer(attribute.Size(attribute.Positional(0), "The factor"), attribute.Name == "PixelUnshuffle"),
        Modules = ["PixelShuffle", "PixelUnshuffle"],
        Functions = ["pixel_shuffle", "pixel_unshuffle"],
        OwnModules = [],
        Recognize = static made => MadeLayer.Of(new PixelShuffleLayer(
            made.Size("upscale_factor", "downscale_factor"), made.Name is "PixelUnshuffle" or "pixel_unshuffle")),
    };

    public override string Role => Inverse ? "unshuffle" : "shuffle";

    public override bool KeepsElements => true;

    public override string KindFor(Shape input) => Inverse ? "PixelUnshuffle" : "PixelShuffle";

    public override IEnumerable<string> Settings(PlacedLayer placed) => [$"factor {Factor}"];

    internal override Shape Infer(Shape input, ShapeInference shapes)
    {
        if (!input.IsKnown || !Factor.IsKnown)
        {
            return Shape.Unknown;
        }

        if (input.Rank != 3 || input.Layout == Layout.FeaturesLast)
        {
            shapes.Report(Problems.WrongRank(KindFor(input), "[C, H, W], channels first", input, Origin));
            return Shape.Unknown;
        }

        var square = Factor * Factor;
        if (!Inverse)
        {
            return Divides(input.Dims[0], square, "The square of its factor must divide the channels of PixelShuffle", shapes)
                ? Made(input.Dims[0] / square, input.Dims[1] * Factor, input.Dims[2] * Factor)
                : Shape.Unknown;
        }

        const string what = "Its factor must divide height and width of PixelUnshuffle";
        return Divides(input.Dims[1], Factor, what, shapes) && Divides(input.Dims[2], Factor, what, shapes)
            ? Made(input.Dims[0] * square, input.Dims[1] / Factor, input.Dims[2] / Factor)
            : Shape.Unknown;

        static Shape Made(params Dim[] sizes) => new(sizes.ToEquatableArray(), Layout.ChannelsFirst);
    }

    private bool Divides(Dim size, Dim divisor, string what, ShapeInference shapes)
    {
        if (divisor.Constant is 0 || size.Constant % divisor.Constant is not { } rest || rest == 0)
        {
            return true;
        }

        shapes.Report(Problems.NotDivisible(what, size.ToString(), divisor.ToString(), Origin));
        return false;
    }

    internal override bool LacksSizes(PlacedLayer placed) => !Factor.IsKnown;

    public override IEnumerable<LayerParameter> Parameters(PlacedLayer placed) => [];

    public override IEnumerable<ForwardRegularizer> Regularizers => [];

    public override ModeEffect Mode => ModeEffect.Same;

    public override FusionPart Fusion(PlacedLayer placed) => FusionPart.AsFast();

    public override bool IsRegistered => false;

    public override IEnumerable<string>? Attribute => [KindFor(Shape.Unknown), AttributeText.Size(Factor)];

    public override TResult Accept<TResult>(ILayerVisitor<TResult> visitor) => visitor.PixelShuffle(this);
}

using System.Globalization;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>What a dropout takes away, or how.</summary>
public enum DropoutKind
{
    /// <summary>Single numbers.</summary>
    Element,

    /// <summary>Whole feature maps.</summary>
    Spatial,

    /// <summary>Single numbers, so that mean and variance stay under SELU.</summary>
    Alpha,

    /// <summary>Nothing: numbers are multiplied by normal noise around 1.</summary>
    Gaussian,

    /// <summary>Squares of feature maps.</summary>
    Block,
}

/// <summary>A dropout of one of the kinds.</summary>
public sealed record DropoutLayer(DropoutKind Kind, Rate Rate, int BlockSize) : Layer
{
    /// <summary>The side of the squares of DropBlock if nothing is said.</summary>
    public const int UsualBlockSize = 7;

    internal static LayerKind Found { get; } = new()
    {
        Attributes = ["Dropout", "SpatialDropout", "AlphaDropout", "GaussianDropout", "DropBlock"],
        Read = static attribute => Read(attribute),
        Modules = ["Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout"],
        Functions = ["dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout", "feature_alpha_dropout"],
        OwnModules = ["GaussianDropout", "DropBlock"],
        Recognize = static made => MadeLayer.Of(Recognized(made)),
    };

    /// <summary>The spatial axes that the name of a hand-written module says; null where the shape tells.</summary>
    public int? Axes { get; init; }

    public override string Role => "dropout";

    public override bool IsSwitchedOff => Rate.IsZero;

    public override ClassDefault? Default => Kind is DropoutKind.Spatial or DropoutKind.Block
        ? new(TailPlace.Dropout, Attributed, "it needs a block whose last weighted layer is a convolution") { NeedsConvolution = true }
        : new(TailPlace.Dropout, Attributed, "it needs a block with a weighted layer, no dropout of its own and no [Output]");

    /// <summary>What it is as a regularizer.</summary>
    public RegularizationKind Regularizer => Kind switch
    {
        DropoutKind.Element => RegularizationKind.Dropout,
        DropoutKind.Spatial => RegularizationKind.SpatialDropout,
        DropoutKind.Alpha => RegularizationKind.AlphaDropout,
        DropoutKind.Gaussian => RegularizationKind.GaussianDropout,
        DropoutKind.Block => RegularizationKind.DropBlock,
        _ => throw new InvalidOperationException($"{Kind} is no kind of dropout."),
    };

    /// <summary>The attribute that says it, which is called as the regularizer is.</summary>
    public string Attributed => Regularizer.ToString();

    /// <summary>As TorchSharp calls it, or the library itself.</summary>
    public override string KindFor(Shape input) => Kind == DropoutKind.Spatial ? "Dropout" + SpatialSuffix(input, Axes) : Attributed;

    public override IEnumerable<string> Settings(PlacedLayer placed) => [Rate.Text, Kind == DropoutKind.Block ? $"blocks of {BlockSize}" : ""];

    internal override Shape Infer(Shape input, ShapeInference shapes) => Kind switch
    {
        DropoutKind.Spatial => OverChannels(input, shapes),
        DropoutKind.Block => OverImages(input, shapes),
        _ => input,
    };

    private Shape OverChannels(Shape input, ShapeInference shapes)
    {
        if (!input.IsKnown)
        {
            shapes.MissAxis(this, Attributed);
            return input;
        }

        if (input.Rank is >= 2 and <= 4 && input.Layout != Layout.FeaturesLast)
        {
            return input with { Layout = Layout.ChannelsFirst };
        }

        shapes.Report(Problems.WrongRank(Attributed, "feature maps, channels first: [C, L], [C, H, W] or [C, D, H, W]", input, Origin));
        return input;
    }

    private Shape OverImages(Shape input, ShapeInference shapes)
    {
        if (!input.IsKnown)
        {
            return input;
        }

        if (input.Rank != 3 || input.Layout == Layout.FeaturesLast)
        {
            shapes.Report(Problems.WrongRank(Attributed, "a feature map [C, H, W]", input, Origin));
            return input;
        }

        if (input.Dims.Skip(1).Any(side => side.Constant < BlockSize))
        {
            var found = BlockSize.ToString(CultureInfo.InvariantCulture);
            shapes.Report(Problems.WrongValue($"BlockSize of {Attributed}", $"at most a side of the feature map {input}", found, Origin));
        }

        return input with { Layout = Layout.ChannelsFirst };
    }

    internal override bool LacksSizes(PlacedLayer placed) => Kind == DropoutKind.Spatial && !placed.Input.IsKnown;

    public override IEnumerable<LayerParameter> Parameters(PlacedLayer placed) => [];

    public override IEnumerable<ForwardRegularizer> Regularizers => [new(Regularizer, new(Rate))];

    public override ModeEffect Mode => ModeEffect.OfRate(Rate, Kind == DropoutKind.Gaussian ? "Gaussian dropout still adds noise" : "dropout still drops");

    public override FusionPart Fusion(PlacedLayer placed) => Kind switch
    {
        DropoutKind.Element => FusionPart.AsFast(FusionRole.Dropout),
        DropoutKind.Spatial => FusionPart.AsFast(placed.Input is { IsKnown: true, Rank: >= 2 } ? FusionRole.ChannelDropout : FusionRole.Alone),
        _ => FusionPart.NoKernel(),
    };

    public override bool IsRegistered => true;

    public override IEnumerable<string>? Attribute =>
    [
        Attributed, AttributeText.Rate(Rate),
        .. Kind == DropoutKind.Block && BlockSize != UsualBlockSize
            ? [$"BlockSize = {BlockSize.ToString(CultureInfo.InvariantCulture)}"]
            : Array.Empty<string>(),
    ];

    public override TResult Accept<TResult>(ILayerVisitor<TResult> visitor) => visitor.Dropout(this);

    private static DropoutLayer Read(AttributeArguments attribute)
    {
        var kind = attribute.Name switch
        {
            "SpatialDropout" => DropoutKind.Spatial,
            "AlphaDropout" => DropoutKind.Alpha,
            "GaussianDropout" => DropoutKind.Gaussian,
            "DropBlock" => DropoutKind.Block,
            _ => DropoutKind.Element,
        };
        var blockSize = attribute.Named("BlockSize") as int? ?? UsualBlockSize;
        if (blockSize < 1)
        {
            attribute.Report(Problems.TooSmall("BlockSize of DropBlock", 1, blockSize.ToString(CultureInfo.InvariantCulture), attribute.Origin));
        }

        return new(kind, attribute.Rate(attribute.Positional(0)), blockSize);
    }

    private static DropoutLayer Recognized(ModuleArguments made)
    {
        var kind = made.Name switch
        {
            "Dropout" or "dropout" => DropoutKind.Element,
            "GaussianDropout" => DropoutKind.Gaussian,
            "DropBlock" => DropoutKind.Block,
            "AlphaDropout" or "FeatureAlphaDropout" or "alpha_dropout" or "feature_alpha_dropout" => DropoutKind.Alpha,
            _ => DropoutKind.Spatial,
        };
        return new(kind, made.Rate("p", "probability", "rate"), (int)(made.Size("blockSize").Constant ?? UsualBlockSize))
        {
            Axes = kind == DropoutKind.Spatial ? made.NamedRank : null
        };
    }
}

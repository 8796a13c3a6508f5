using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>The largest or the mean number of each window.</summary>
public sealed record PoolLayer(
    int Rank,
    bool Average,
    EquatableArray<Dim> Kernel,
    EquatableArray<Dim> Stride,
    EquatableArray<Dim> Padding,
    EquatableArray<Dim> Dilation,
    bool CeilMode,
    bool CountIncludePad) : Layer
{
    internal static LayerKind Found { get; } = new()
    {
        Attributes = ["MaxPool1d", "MaxPool2d", "MaxPool3d", "AveragePool1d", "AveragePool2d", "AveragePool3d"],
        Read = static attribute => Read(attribute),
        Modules = ["MaxPool1d", "MaxPool2d", "MaxPool3d", "AvgPool1d", "AvgPool2d", "AvgPool3d"],
        Functions = ["max_pool1d", "max_pool2d", "max_pool3d", "avg_pool1d", "avg_pool2d", "avg_pool3d"],
        OwnModules = [],
        Recognize = static made => MadeLayer.Of(Recognized(made)),
    };

    public override string Role => "pool";

    public override bool KeepsElements => true;

    public override string KindFor(Shape input) => $"{(Average ? "Avg" : "Max")}Pool{Rank}d";

    public override IEnumerable<string> Settings(PlacedLayer placed) =>
    [
        $"window {Words.Window(Kernel)}", Stride == Kernel ? "" : $"stride {Words.Window(Stride)}", Words.Unless(Padding, 0, "padding"),
        Words.Unless(Dilation, 1, "dilation"), CeilMode ? "rounded up" : "", CountIncludePad ? "" : "padding not counted",
    ];

    internal override Shape Infer(Shape input, ShapeInference shapes)
    {
        if (!input.IsKnown)
        {
            return Shape.Unknown;
        }

        if (input.Rank != Rank + 1 || input.Layout == Layout.FeaturesLast)
        {
            shapes.Report(Problems.WrongRank(KindFor(input), Windows.Axes(Rank) + ", channels first", input, Origin));
            return Shape.Unknown;
        }

        var sizes = Enumerable.Range(0, Rank).Select(axis => Count(axis, input.Dims[axis + 1]));
        var output = new Shape(sizes.Prepend(input.Dims[0]).ToEquatableArray(), Layout.ChannelsFirst);
        // TorchSharp's AvgPool3d wants room for its window without the padding.
        var isTooSmall = this is { Average: true, Rank: 3 } && Enumerable.Range(0, 3).Any(axis => input.Dims[axis + 1].Constant < Kernel[axis].Constant);
        return Windows.Fitting(this, input, output, shapes, isTooSmall);
    }

    private Dim Count(int axis, Dim n)
    {
        var extent = Dilation[axis] * (Kernel[axis] - 1);
        var count = Windows.Count(n + (Padding[axis] * 2) - extent - 1, Stride[axis], CeilMode);

        // In ceiling mode a last window that would start in the padding on the right does not count; there is none if the steps are small.
        if (!CeilMode || (Padding[axis] + Stride[axis] - extent).Constant <= 1)
        {
            return count;
        }

        var start = (count - 1) * Stride[axis];
        return (start - n - Padding[axis]).Constant is { } beyond ? (beyond >= 0 ? count - 1 : count) : Dim.Unknown;
    }

    internal override bool LacksSizes(PlacedLayer placed) => false;

    public override IEnumerable<LayerParameter> Parameters(PlacedLayer placed) => [];

    public override IEnumerable<ForwardRegularizer> Regularizers => [];

    public override ModeEffect Mode => ModeEffect.Same;

    public override FusionPart Fusion(PlacedLayer placed) => FusionPart.AsFast();

    public override bool IsRegistered => false;

    public override IEnumerable<string>? Attribute =>
    [
        $"{(Average ? "AveragePool" : "MaxPool")}{Rank}d", AttributeText.Window(Kernel),
        .. Stride == Kernel ? Array.Empty<string>() : [AttributeText.Named("Stride", Stride)],
        .. Padding.All(size => size.Constant == 0) ? Array.Empty<string>() : [AttributeText.Named("Padding", Padding)],
        .. Dilation.All(size => size.Constant == 1) ? Array.Empty<string>() : [Average ? "" : AttributeText.Named("Dilation", Dilation)],
        .. CeilMode ? [AttributeText.Flag("CeilMode", true)] : Array.Empty<string>(),
        .. CountIncludePad ? Array.Empty<string>() : [AttributeText.Flag("CountIncludePad", false)],
    ];

    public override TResult Accept<TResult>(ILayerVisitor<TResult> visitor) => visitor.Pool(this);

    private static PoolLayer Read(AttributeArguments attribute)
    {
        var rank = attribute.Name[attribute.Name.Length - 2] - '0';
        var kernel = attribute.Window(attribute.Positional(0), "The window", rank, least: 1);
        var stride = attribute.Says("Stride") ? attribute.NamedWindow("Stride", 1, rank, least: 1) : kernel;
        var padding = attribute.NamedWindow("Padding", 0, rank, least: 0);
        var dilation = attribute.NamedWindow("Dilation", 1, rank, least: 1);
        foreach (var axis in Enumerable.Range(0, rank).Where(axis => padding[axis].Constant * 2 > kernel[axis].Constant).Take(1))
        {
            attribute.Report(Problems.WrongValue(
                $"Padding of {attribute.Name}",
                $"at most half the window, {kernel[axis] / 2}",
                padding[axis].ToString(),
                attribute.Origin));
        }

        var average = attribute.Name.StartsWith("Average", StringComparison.Ordinal);
        return new(rank, average, kernel, stride, padding, dilation, attribute.Flag("CeilMode"), attribute.Flag("CountIncludePad", otherwise: true));
    }

    private static PoolLayer Recognized(ModuleArguments made)
    {
        var kernel = made.Window(made.Rank, Dim.Unknown, "kernel_size");
        return new(
            made.Rank,
            made.Name.StartsWith("A", StringComparison.OrdinalIgnoreCase),
            kernel,
            made.IsNull("stride", "strides") ? kernel : made.Window(made.Rank, Dim.Unknown, "stride", "strides"),
            made.Window(made.Rank, 0, "padding"),
            made.Window(made.Rank, 1, "dilation"),
            made.Flag("ceil_mode") ?? false,
            made.Flag("count_include_pad") ?? true);
    }
}

using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>A convolution over one to three spatial axes, or the transpose of one.</summary>
public sealed record ConvolutionLayer(
    int Rank,
    bool Transposed,
    Dim OutChannels,
    EquatableArray<Dim> Kernel,
    EquatableArray<Dim> Stride,
    EquatableArray<Dim> Padding,
    EquatableArray<Dim> Dilation,
    EquatableArray<Dim> OutputPadding,
    Dim Groups) : WeightedLayer
{
    private static readonly string[] s_names = ["Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d"];

    internal static LayerKind Found { get; } = new()
    {
        Attributes = s_names,
        Read = static attribute => Read(attribute),
        Modules = s_names,
        Functions = ["conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d"],
        OwnModules = [],
        Recognize = static made => new(Recognized(made), made.Size("in_channels"), made.Flag("bias")),
    };

    public override string Role => Transposed ? "conv_transpose" : "conv";

    public override bool CanBeReparametrized => true;

    public override Dim Units => OutChannels;

    public override bool LosesBiasBeforeNorm => true;

    public override string KindFor(Shape input) => $"Conv{(Transposed ? "Transpose" : "")}{Rank}d";

    public override IEnumerable<string> Settings(PlacedLayer placed) =>
    [
        $"{(placed.Input is { IsKnown: true, Rank: > 0 } input ? input.Dims[0].ToString() : "?")} -> {OutChannels}", $"kernel {Words.Window(Kernel)}",
        Words.Unless(Stride, 1, "stride"), Words.Unless(Padding, 0, "padding"), Words.Unless(Dilation, 1, "dilation"),
        Words.Unless(OutputPadding, 0, "output padding"), Groups.Constant == 1 ? "" : $"groups {Groups}", NoBias(placed),
    ];

    internal override Shape Infer(Shape input, ShapeInference shapes)
    {
        if (ChannelsOf(input, shapes) is not { } channels)
        {
            return Shape.Unknown;
        }

        foreach (var (what, size) in new[] { ("input channels", channels), ("output channels", OutChannels) })
        {
            if (size.Constant is { } count && Groups.Constant is not 0 and { } groups && count % groups != 0)
            {
                shapes.Report(Problems.NotDivisible($"Groups of {KindFor(input)} must divide its {what}", size.ToString(), Groups.ToString(), Origin));
                return Shape.Unknown;
            }
        }

        var sizes = Enumerable.Range(0, Rank).Select(axis =>
        {
            var n = input.Dims[axis + 1];
            var extent = Dilation[axis] * (Kernel[axis] - 1);
            return Transposed
                ? ((n - 1) * Stride[axis]) - (Padding[axis] * 2) + extent + OutputPadding[axis] + 1
                : Windows.Count(n + (Padding[axis] * 2) - extent - 1, Stride[axis], ceiling: false);
        });
        return Windows.Fitting(this, input, new Shape(sizes.Prepend(OutChannels).ToEquatableArray(), Layout.ChannelsFirst), shapes);
    }

    /// <summary>The number of channels of a feature map with the layer's spatial axes; null, with a problem, if it is none.</summary>
    private Dim? ChannelsOf(Shape input, ShapeInference shapes)
    {
        if (!input.IsKnown)
        {
            shapes.MissInput(this, input);
            return null;
        }

        if (input.Rank != Rank + 1 || input.Layout == Layout.FeaturesLast)
        {
            var expected = Windows.Axes(Rank) + (input.Rank == Rank + 1 ? " with channels first" : "");
            shapes.Report(Problems.WrongRank(KindFor(input), expected, input, Origin));
            return null;
        }

        return shapes.SizeOf(this, input.Dims[0], input);
    }

    internal override bool LacksSizes(PlacedLayer placed) =>
        !placed.Output.IsKnown || !placed.Input.Dims[0].IsKnown || !OutChannels.IsKnown || !Groups.IsKnown
        || new[] { Kernel, Stride, Padding, Dilation, OutputPadding }.Any(window => window.Any(size => !size.IsKnown));

    public override IEnumerable<LayerParameter> Parameters(PlacedLayer placed)
    {
        // It knows which axis its channels are on, whatever the shape says.
        var axis = placed.Input.Rank - 1 - Rank;
        var channels = placed.Input.IsKnown && axis >= 0 && axis < placed.Input.Rank ? placed.Input.Dims[axis] : Dim.Unknown;
        yield return LayerParameter.Weight(Kernel.Aggregate(OutChannels * channels / Groups, (product, size) => product * size)) with
        {
            TransposedGroups = Transposed ? Groups : null
        };
        if (placed.HasBias)
        {
            yield return LayerParameter.Bias(OutChannels);
        }
    }

    public override IEnumerable<ForwardRegularizer> Regularizers => [];

    public override ModeEffect Mode => ModeEffect.Same;

    public override FusionPart Fusion(PlacedLayer placed) => FusionPart.AsFast(FusionRole.TakesNorm);

    public override bool IsRegistered => true;

    public override IEnumerable<string>? Attribute =>
    [
        KindFor(Shape.Unknown), AttributeText.Size(OutChannels), AttributeText.Named("Kernel", Kernel),
        .. new[] { ("Stride", Stride, 1L), ("Padding", Padding, 0L), ("Dilation", Dilation, 1L), ("OutputPadding", OutputPadding, 0L) }
            .Where(setting => setting.Item2.Any(size => size.Constant != setting.Item3))
            .Select(setting => AttributeText.Named(setting.Item1, setting.Item2)),
        .. Groups.Constant == 1 ? [] : new[] { AttributeText.Named("Groups", Groups) },
    ];

    public override Shape InputFor(Shape input, Dim size) =>
        input.IsKnown ? input : new Shape(Enumerable.Repeat(Dim.Unknown, Rank).Prepend(size).ToEquatableArray(), Layout.ChannelsFirst);

    public override TResult Accept<TResult>(ILayerVisitor<TResult> visitor) => visitor.Convolution(this);

    private static ConvolutionLayer Read(AttributeArguments attribute)
    {
        var rank = attribute.Name[attribute.Name.Length - 2] - '0';
        var transposed = attribute.Name.StartsWith("ConvTranspose", StringComparison.Ordinal);
        if (!attribute.Says("Kernel"))
        {
            attribute.Report(Problems.Missing(attribute.Name, "the size of its kernel, 'Kernel = 3'", attribute.Origin));
        }

        var kernel = attribute.Says("Kernel")
            ? attribute.Window(attribute.Named("Kernel"), "Kernel", rank, least: 1)
            : AttributeArguments.Repeat(Dim.Unknown, rank);
        var stride = attribute.NamedWindow("Stride", 1, rank, least: 1);
        var dilation = attribute.NamedWindow("Dilation", 1, rank, least: 1);
        var padding = attribute.Text("Padding") == "same"
            ? SamePadding(attribute, kernel, stride, dilation, transposed)
            : attribute.NamedWindow("Padding", 0, rank, least: 0);
        var outputPadding = attribute.NamedWindow("OutputPadding", 0, rank, least: 0);
        CheckOutputPadding(attribute, outputPadding, stride, dilation);
        var channels = attribute.Size(attribute.Positional(0), "The number of channels");
        var groups = attribute.NamedSize("Groups", 1);
        return new(rank, transposed, channels, kernel, stride, padding, dilation, outputPadding, groups) { Bias = attribute.OptionalFlag("Bias") };
    }

    private static void CheckOutputPadding(
        AttributeArguments attribute,
        EquatableArray<Dim> outputPadding,
        EquatableArray<Dim> stride,
        EquatableArray<Dim> dilation)
    {
        for (var axis = 0; axis < outputPadding.Count; axis++)
        {
            if (outputPadding[axis].Constant is { } extra && extra >= stride[axis].Constant && extra >= dilation[axis].Constant)
            {
                var expected = $"below its stride or dilation, {Math.Max(stride[axis].Constant!.Value, dilation[axis].Constant!.Value)}";
                attribute.Report(Problems.WrongValue($"OutputPadding of {attribute.Name}", expected, outputPadding[axis].ToString(), attribute.Origin));
                return;
            }
        }
    }

    private static EquatableArray<Dim> SamePadding(
        AttributeArguments attribute, EquatableArray<Dim> kernel, EquatableArray<Dim> stride, EquatableArray<Dim> dilation, bool transposed)
    {
        var padding = kernel.Zip(dilation, (size, spread) => Dim.DivideExactly(spread * (size - 1), 2) ?? Dim.Unknown).ToEquatableArray();
        if (transposed)
        {
            Report("Padding", "sizes: \"same\" is for convolutions that are not transposed", "\"same\"");
        }
        else if (stride.FirstOrDefault(step => step.IsKnown && step.Constant != 1) is { } stepping)
        {
            Report("Stride", "1 where Padding is \"same\"", stepping.ToString());
        }
        else if (kernel.Zip(padding, (size, half) => half.IsKnown ? null : size).FirstOrDefault(size => size is { IsKnown: true }) is { } even)
        {
            Report("Kernel", "odd where Padding is \"same\", so that both sides get the same", even.ToString());
        }

        return padding;

        void Report(string what, string expected, string found) =>
            attribute.Report(Problems.WrongValue($"{what} of {attribute.Name}", expected, found, attribute.Origin));
    }

    private static ConvolutionLayer Recognized(ModuleArguments made)
    {
        var rank = made.Rank;
        var kernel = made.Window(rank, 1, "kernel_size");
        var dilation = made.Window(rank, 1, "dilation");
        var padding = made.Choice("padding") switch
        {
            "Valid" => AttributeArguments.Repeat(0, rank),
            "Same" => kernel.Zip(dilation, (size, step) => step * (size - 1) / 2).ToEquatableArray(),
            _ => made.Window(rank, 0, "padding"),
        };
        return new(
            rank,
            made.Name.StartsWith("ConvTranspose", StringComparison.Ordinal) || made.Name.StartsWith("conv_transpose", StringComparison.Ordinal),
            made.Size("out_channels"),
            kernel,
            made.Window(rank, 1, "stride", "strides"),
            padding,
            dilation,
            made.Window(rank, 0, "output_padding"),
            made.Size("groups"));
    }
}

using Microsoft.CodeAnalysis;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Declared;

/// <summary>Turns layer attributes into layers: what an attribute means is said here and nowhere else.</summary>
internal static class LayerReader
{
    /// <summary>The layer that the attribute declares; null if it is none, or could not be read (then a problem says why, or the compiler does).</summary>
    public static Layer? Read(AttributeReader attribute, Provenance provenance)
    {
        var layer = ReadKind(attribute);
        return layer is null ? null : layer with
        {
            Name = attribute.Text("Name"),
            Origin = attribute.Origin,
            Provenance = provenance,
        };
    }

    public static bool IsLayer(INamedTypeSymbol attribute)
    {
        for (var type = attribute.BaseType; type is not null; type = type.BaseType)
        {
            if (type.Name == "LayerAttribute" && Symbols.IsSourceNet(type))
            {
                return true;
            }
        }

        return false;
    }

    private static Layer? ReadKind(AttributeReader attribute) => attribute.Name switch
    {
        "Linear" => Weighted(attribute, new LinearLayer(attribute.Size(attribute.Positional(0), "The size"), attribute.Text("TiedTo"))),
        "Conv1d" => Convolution(attribute, rank: 1, transposed: false),
        "Conv2d" => Convolution(attribute, rank: 2, transposed: false),
        "Conv3d" => Convolution(attribute, rank: 3, transposed: false),
        "ConvTranspose1d" => Convolution(attribute, rank: 1, transposed: true),
        "ConvTranspose2d" => Convolution(attribute, rank: 2, transposed: true),
        "ConvTranspose3d" => Convolution(attribute, rank: 3, transposed: true),
        "Embedding" => Embedding(attribute),
        "PositionEmbedding" => new PositionEmbeddingLayer(attribute.Size(attribute.Positional(0), "The number of positions")),
        "Attention" => Attention(attribute),
        "FeedForward" => FeedForward(attribute),
        "SwiGlu" => Weighted(attribute, new SwiGluLayer(attribute.Size(attribute.Positional(0), "The hidden size")), biasOtherwise: false),
        "Norm" => Norm(attribute),
        "Activation" => Activation(attribute),
        "MaxPool1d" => Pool(attribute, rank: 1, average: false),
        "MaxPool2d" => Pool(attribute, rank: 2, average: false),
        "MaxPool3d" => Pool(attribute, rank: 3, average: false),
        "AveragePool1d" => Pool(attribute, rank: 1, average: true),
        "AveragePool2d" => Pool(attribute, rank: 2, average: true),
        "AveragePool3d" => Pool(attribute, rank: 3, average: true),
        "GlobalAveragePool" => new GlobalAveragePoolLayer(),
        "Flatten" => new FlattenLayer(),
        "Reshape" => new ReshapeLayer(Sizes(attribute)),
        "Softmax" => new SoftmaxLayer(attribute.Flag("Log")),
        "Dropout" => Dropout(attribute, DropoutKind.Element),
        "SpatialDropout" => Dropout(attribute, DropoutKind.Spatial),
        "AlphaDropout" => Dropout(attribute, DropoutKind.Alpha),
        "GaussianDropout" => Dropout(attribute, DropoutKind.Gaussian),
        "DropBlock" => Dropout(attribute, DropoutKind.Block),
        "DropPath" => new DropPathLayer(attribute.Rate(attribute.Positional(0))),
        "GaussianNoise" => new GaussianNoiseLayer(attribute.Rate(attribute.Positional(0), "The standard deviation", value => value >= 0, "at least 0")),
        "Stack" => StackReader.Read(attribute),
        _ => null,
    };

    private static WeightedLayer Weighted(AttributeReader attribute, WeightedLayer layer, bool? biasOtherwise = null) =>
        layer with { Bias = attribute.OptionalFlag("Bias") ?? biasOtherwise };

    private static Layer Convolution(AttributeReader attribute, int rank, bool transposed)
    {
        if (!attribute.Says("Kernel"))
        {
            attribute.Scope.Problems.Add(Problems.Missing(attribute.Name, "the size of its kernel, 'Kernel = 3'", attribute.Origin));
        }

        var kernel = attribute.Says("Kernel") ? attribute.Window(attribute.Named("Kernel"), "Kernel", rank, least: 1) : AttributeReader.Repeat(Dim.Unknown, rank);
        var stride = attribute.NamedWindow("Stride", 1, rank, least: 1);
        var dilation = attribute.NamedWindow("Dilation", 1, rank, least: 1);
        var padding = attribute.Text("Padding") == "same"
            ? SamePadding(attribute, kernel, stride, dilation, transposed)
            : attribute.NamedWindow("Padding", 0, rank, least: 0);
        var outputPadding = attribute.NamedWindow("OutputPadding", 0, rank, least: 0);
        foreach (var ((added, step), spread) in outputPadding.Zip(stride, (added, step) => (added, step)).Zip(dilation, (pair, spread) => (pair, spread)))
        {
            if (added.Constant is { } extra && extra >= step.Constant && extra >= spread.Constant)
            {
                attribute.Scope.Problems.Add(Problems.WrongValue($"OutputPadding of {attribute.Name}", $"below its stride or dilation, {Math.Max(step.Constant.Value, spread.Constant.Value)}", added.ToString(), attribute.Origin));
                break;
            }
        }

        var channels = attribute.Size(attribute.Positional(0), "The number of channels");
        var groups = attribute.NamedSize("Groups", 1);
        return Weighted(attribute, new ConvolutionLayer(rank, transposed, channels, kernel, stride, padding, dilation, outputPadding, groups));
    }

    private static EquatableArray<Dim> SamePadding(AttributeReader attribute, EquatableArray<Dim> kernel, EquatableArray<Dim> stride, EquatableArray<Dim> dilation, bool transposed)
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
            attribute.Scope.Problems.Add(Problems.WrongValue($"{what} of {attribute.Name}", expected, found, attribute.Origin));
    }

    private static EmbeddingLayer Embedding(AttributeReader attribute)
    {
        var count = attribute.Size(attribute.Positional(0), "The number of vectors");
        var index = attribute.Named("PaddingIndex") as int?;
        if (index < 0 || index >= count.Constant)
        {
            attribute.Scope.Problems.Add(Problems.WrongValue("PaddingIndex of Embedding", $"at least 0 and below {count}", index.ToString(), attribute.Origin));
            index = null;
        }

        return new EmbeddingLayer(count, attribute.Size(attribute.Positional(1), "The size of a vector"), index);
    }

    private static WeightedLayer Attention(AttributeReader attribute)
    {
        var heads = attribute.Size(attribute.Positional(0), "The number of heads");
        Dim? keyValueHeads = attribute.Says("KeyValueHeads") ? attribute.NamedSize("KeyValueHeads", 1) : null;
        if (keyValueHeads is not null && heads.Constant % keyValueHeads.Constant is { } rest && rest != 0)
        {
            attribute.Scope.Problems.Add(Problems.NotDivisible("KeyValueHeads of Attention must divide its heads", heads.ToString(), keyValueHeads.ToString(), attribute.Origin));
        }

        var rotaryBase = attribute.Real("RotaryBase", 10_000);
        if (rotaryBase <= 1)
        {
            attribute.Scope.Problems.Add(Problems.OutOfRange("RotaryBase of Attention", "above 1", rotaryBase, attribute.Origin));
            rotaryBase = 10_000;
        }

        var dropout = attribute.Says("Dropout") ? attribute.Rate(attribute.Named("Dropout"), "Dropout") : Rate.Zero;
        return Weighted(attribute, new AttentionLayer(heads, keyValueHeads, attribute.Flag("Causal"), attribute.Flag("Rotary"), rotaryBase, dropout));
    }

    private static WeightedLayer? FeedForward(AttributeReader attribute)
    {
        var activation = ActivationKind.GELU;
        if (attribute.Says("Activation"))
        {
            if (attribute.Choice(attribute.Named("Activation"), Enum.GetValues(typeof(ActivationKind)).Length, "Activation") is not { } choice)
            {
                return null;
            }

            activation = (ActivationKind)choice;
            if (activation is ActivationKind.None or ActivationKind.GLU or ActivationKind.PReLU or ActivationKind.RReLU)
            {
                attribute.Scope.Problems.Add(Problems.WrongValue("Activation of FeedForward", "an elementwise function without parameters or chance", activation.ToString(), attribute.Origin));
            }
        }

        var dropout = attribute.Says("Dropout") ? attribute.Rate(attribute.Named("Dropout"), "Dropout") : Rate.Zero;
        return Weighted(attribute, new FeedForwardLayer(attribute.Size(attribute.Positional(0), "The hidden size"), activation, dropout));
    }

    private static NormLayer? Norm(AttributeReader attribute)
    {
        if (attribute.Choice(attribute.Positional(0), Enum.GetValues(typeof(NormKind)).Length, "The kind") is not { } kind)
        {
            return null;
        }

        var eps = attribute.Real("Eps", 1e-5);
        if (eps <= 0)
        {
            attribute.Scope.Problems.Add(Problems.OutOfRange("Eps of Norm", "above 0", eps, attribute.Origin));
        }

        var momentum = attribute.Real("Momentum", 0.1);
        if (momentum is < 0 or > 1)
        {
            attribute.Scope.Problems.Add(Problems.OutOfRange("Momentum of Norm", "in [0, 1]", momentum, attribute.Origin));
        }

        return new NormLayer((NormKind)kind, eps, momentum, attribute.NamedSize("Groups", 32), attribute.OptionalFlag("Affine"));
    }

    private static ActivationLayer? Activation(AttributeReader attribute)
    {
        if (attribute.Choice(attribute.Positional(0), Enum.GetValues(typeof(ActivationKind)).Length, "The kind") is not { } kind)
        {
            return null;
        }

        var function = (ActivationKind)kind;
        double[] settings = function switch
        {
            ActivationKind.LeakyReLU => [attribute.Real("Slope", 0.01)],
            ActivationKind.PReLU => [attribute.Real("Slope", 0.25)],
            ActivationKind.RReLU => [attribute.Real("Lower", 1.0 / 8), attribute.Real("Upper", 1.0 / 3)],
            ActivationKind.ELU or ActivationKind.CELU => [attribute.Real("Alpha", 1)],
            ActivationKind.Hardtanh => [attribute.Real("Minimum", -1), attribute.Real("Maximum", 1)],
            ActivationKind.Softplus => [attribute.Real("Beta", 1), attribute.Real("Threshold", 20)],
            ActivationKind.Softshrink or ActivationKind.Hardshrink => [attribute.Real("Lambda", 0.5)],
            ActivationKind.Threshold => [attribute.Real("Threshold", 0), attribute.Real("Value", 0)],
            _ => [],
        };
        if (function is ActivationKind.Hardtanh or ActivationKind.RReLU && settings[0] > settings[1])
        {
            attribute.Scope.Problems.Add(Problems.OutOfRange($"The lower bound of {function}", $"at most {Expression.Format(settings[1])}", settings[0], attribute.Origin));
        }

        return new ActivationLayer(function, settings.ToEquatableArray(), attribute.Flag("Approximate"));
    }

    private static PoolLayer Pool(AttributeReader attribute, int rank, bool average)
    {
        var kernel = attribute.Window(attribute.Positional(0), "The window", rank, least: 1);
        var stride = attribute.Says("Stride") ? attribute.NamedWindow("Stride", 1, rank, least: 1) : kernel;
        var padding = attribute.NamedWindow("Padding", 0, rank, least: 0);
        var dilation = attribute.NamedWindow("Dilation", 1, rank, least: 1);
        var tooWide = Enumerable.Range(0, rank).Where(axis => padding[axis].Constant * 2 > kernel[axis].Constant).Take(1);
        foreach (var axis in tooWide)
        {
            attribute.Scope.Problems.Add(Problems.WrongValue($"Padding of {attribute.Name}", $"at most half the window, {kernel[axis] / 2}", padding[axis].ToString(), attribute.Origin));
        }

        return new PoolLayer(rank, average, kernel, stride, padding, dilation, attribute.Flag("CeilMode"), attribute.Flag("CountIncludePad", otherwise: true));
    }

    private static EquatableArray<Dim> Sizes(AttributeReader attribute)
    {
        if (attribute.Positional(0) is not object?[] { Length: > 0 } sizes)
        {
            attribute.Scope.Problems.Add(Problems.Missing(attribute.Name, "at least one size", attribute.Origin));
            return default;
        }

        return sizes.Select(size => attribute.Size(size, "A size", open: OpenSizes.Used)).ToEquatableArray();
    }

    private static DropoutLayer Dropout(AttributeReader attribute, DropoutKind kind)
    {
        var blockSize = attribute.Named("BlockSize") as int? ?? 7;
        if (blockSize < 1)
        {
            attribute.Scope.Problems.Add(Problems.TooSmall("BlockSize of DropBlock", 1, blockSize.ToString(System.Globalization.CultureInfo.InvariantCulture), attribute.Origin));
        }

        return new DropoutLayer(kind, attribute.Rate(attribute.Positional(0)), blockSize);
    }
}

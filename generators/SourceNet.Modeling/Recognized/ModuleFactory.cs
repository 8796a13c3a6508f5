using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Recognized;

/// <summary>Reads the functions of <c>torch.nn</c> that make modules.</summary>
internal static class ModuleFactory
{
    /// <summary>The layer that such a function makes; null for containers, losses and what is no layer.</summary>
    /// <param name="name">The function: <c>Conv2d</c>.</param>
    /// <param name="arguments">What it gets.</param>
    /// <param name="origin">Where.</param>
    public static (Layer Layer, Dim InSize, bool? HasBias)? Read(string name, Arguments arguments, Origin origin)
    {
        var (layer, size, bias) = Layer(name, arguments);
        return layer is null ? null : (layer with { Origin = origin }, size, bias);
    }

    private static (Layer? Layer, Dim InSize, bool? HasBias) Layer(string name, Arguments arguments)
    {
        if (Activations.Find(name) is { } activation)
        {
            return (new ActivationLayer(activation, default, Approximate: false), Dim.Unknown, false);
        }

        switch (name)
        {
            case "Linear":
                return (new LinearLayer(arguments.Size("outputSize"), null), arguments.Size("inputSize"), arguments.Flag("hasBias"));
            case "Conv1d" or "Conv2d" or "Conv3d" or "ConvTranspose1d" or "ConvTranspose2d" or "ConvTranspose3d":
                return (Convolution(name, arguments), arguments.Size("in_channels"), arguments.Flag("bias"));
            case "Embedding" or "EmbeddingBag":
                return (new EmbeddingLayer(arguments.Size("num_embeddings"), arguments.Size("embedding_dims"), null), Dim.Unknown, false);
            case "Embedding_from_pretrained" or "EmbeddingBag_from_pretrained":
                return (new EmbeddingLayer(Dim.Unknown, Dim.Unknown, null), Dim.Unknown, false);
            case "BatchNorm1d" or "BatchNorm2d" or "BatchNorm3d":
                return (Norm(NormKind.Batch, arguments), arguments.Size("num_features"), false);
            case "InstanceNorm1d" or "InstanceNorm2d" or "InstanceNorm3d":
                return (Norm(NormKind.Instance, arguments), arguments.Size("num_features"), false);
            case "LayerNorm":
                return (Norm(NormKind.Layer, arguments), arguments.Size("normalized_shape"), false);
            case "GroupNorm":
                return (Norm(NormKind.Group, arguments), arguments.Size("num_channels"), false);
            case "RMSNorm":
                return (Norm(NormKind.RMS, arguments), arguments.Size("normalized_shape"), false);
            case "Dropout":
                return (new DropoutLayer(DropoutKind.Element, arguments.Rate("p", "probability"), 0), Dim.Unknown, false);
            case "Dropout1d" or "Dropout2d" or "Dropout3d":
                return (new DropoutLayer(DropoutKind.Spatial, arguments.Rate("p", "probability"), 0), Dim.Unknown, false);
            case "AlphaDropout" or "FeatureAlphaDropout":
                return (new DropoutLayer(DropoutKind.Alpha, arguments.Rate("p", "probability"), 0), Dim.Unknown, false);
            case "MaxPool1d" or "MaxPool2d" or "MaxPool3d" or "AvgPool1d" or "AvgPool2d" or "AvgPool3d":
                return (Pool(name, arguments), Dim.Unknown, false);
            case "AdaptiveAvgPool1d" or "AdaptiveAvgPool2d" or "AdaptiveAvgPool3d":
                return (AdaptivePool(name, arguments), Dim.Unknown, false);
            case "Softmax" or "Softmax2d" or "Softmin":
                return (new SoftmaxLayer(Log: false), Dim.Unknown, false);
            case "LogSoftmax":
                return (new SoftmaxLayer(Log: true), Dim.Unknown, false);
            case "Flatten" when arguments.Size("start_dim").Constant == 1 && arguments.Size("end_dim").Constant == -1:
                return (new FlattenLayer(), Dim.Unknown, false);
            case "RNN" or "LSTM" or "GRU" or "RNNCell" or "LSTMCell" or "GRUCell":
                return (new RecurrentLayer(name, arguments.Size("hiddenSize"), arguments.Rate("dropout")), arguments.Size("inputSize"), arguments.Flag("bias"));
            case "MultiheadAttention":
                return (new AttentionLayer(arguments.Size("num_heads"), null, Causal: false, Rotary: false, RotaryBase: 0, arguments.Rate("dropout")), arguments.Size("embedded_dim"), arguments.Flag("bias"));
            case "Transformer" or "TransformerEncoder" or "TransformerEncoderLayer" or "TransformerDecoder" or "TransformerDecoderLayer":
                return (new TransformerLayer(name, arguments.Rate("dropout")), arguments.Size("d_model"), true);
            case "Upsample":
                return (new UpsampleLayer(), Dim.Unknown, false);
            default:
                return (new OtherLayer(name), Dim.Unknown, null);
        }
    }

    private static ConvolutionLayer Convolution(string name, Arguments arguments)
    {
        var rank = Rank(name);
        var kernel = arguments.Window(rank, 1, "kernel_size");
        var dilation = arguments.Window(rank, 1, "dilation");
        var padding = arguments.Of("padding") switch
        {
            Value.Choice { Name: "Valid" } => Enumerable.Repeat((Dim)0, rank).ToEquatableArray(),
            Value.Choice { Name: "Same" } => kernel.Zip(dilation, (size, step) => step * (size - 1) / 2).ToEquatableArray(),
            _ => arguments.Window(rank, 0, "padding"),
        };
        return new ConvolutionLayer(
            rank,
            name.StartsWith("ConvTranspose", StringComparison.Ordinal),
            arguments.Size("out_channels"),
            kernel,
            arguments.Window(rank, 1, "stride"),
            padding,
            dilation,
            arguments.Window(rank, 0, "output_padding"),
            arguments.Size("groups"));
    }

    public static NormLayer Norm(NormKind function, Arguments arguments) =>
        new(function, arguments.Number("eps", 1e-5), arguments.Number("momentum", 0.1), arguments.Size("num_groups"), arguments.Flag("affine", "elementwise_affine"));

    public static PoolLayer Pool(string name, Arguments arguments)
    {
        var rank = Rank(name);
        var kernel = arguments.Window(rank, Dim.Unknown, "kernel_size");
        var stride = arguments.OfAny("stride", "strides") is Value.Null ? kernel : arguments.Window(rank, Dim.Unknown, "stride", "strides");
        return new PoolLayer(
            rank,
            name.StartsWith("A", StringComparison.OrdinalIgnoreCase),
            kernel,
            stride,
            arguments.Window(rank, 0, "padding"),
            arguments.Window(rank, 1, "dilation"),
            arguments.Flag("ceil_mode") ?? false,
            arguments.Flag("count_include_pad") ?? true);
    }

    /// <summary>A pool to one number a channel; to any other size its windows are not known.</summary>
    public static Layer AdaptivePool(string name, Arguments arguments)
    {
        var rank = Rank(name);
        var sizes = arguments.Window(rank, Dim.Unknown, "output_size");
        var unknown = Enumerable.Repeat(Dim.Unknown, rank).ToEquatableArray();
        return sizes.All(size => size.Constant == 1)
            ? new GlobalAveragePoolLayer()
            : new PoolLayer(rank, Average: true, unknown, unknown, unknown, unknown, CeilMode: false, CountIncludePad: true);
    }

    private static int Rank(string name) => name.LastIndexOfAny(['1', '2', '3']) is >= 0 and var digit ? name[digit] - '0' : 1;
}

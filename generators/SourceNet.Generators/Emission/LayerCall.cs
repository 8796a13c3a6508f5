using SourceNet.Modeling;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Generators.Emission;

/// <summary>The expression that applies a layer to a tensor: a call of its module, or of a function.</summary>
/// <param name="scope">The class.</param>
/// <param name="block">The block that the layer is in.</param>
/// <param name="placed">The layer.</param>
/// <param name="x">The tensor.</param>
internal sealed class LayerCall(ModelScope scope, Block block, PlacedLayer placed, string x) : ILayerVisitor<string>
{
    public string Linear(LinearLayer layer) => placed.Tie is { } tie ? Tied(tie) : Module();

    /// <summary>The product with another layer's weight.</summary>
    public string Tied(TiedWeight tie)
    {
        var weight = tie.IsEmbedding ? scope.EmbeddingWeight(tie.Block, tie.Layer) : $"{scope.Field(tie.Block, tie.Layer)}.weight";
        return $"{TorchNames.Functional}.linear({x}, {weight})";
    }

    public string Convolution(ConvolutionLayer layer) => Module();

    public string Embedding(EmbeddingLayer layer) => Module();

    public string PositionEmbedding(PositionEmbeddingLayer layer) => Module();

    public string Attention(AttentionLayer layer) => Module();

    public string FeedForward(FeedForwardLayer layer) => Module();

    public string SwiGlu(SwiGluLayer layer) => Module();

    public string Norm(NormLayer layer)
    {
        var module = scope.Field(block, placed);
        // TorchSharp's module wants an axis besides the channels; the function does not.
        return layer.Function == NormKind.Group && placed.Input.Rank == 1
            ? $"{TorchNames.Functional}.group_norm({x}, {module}.num_groups, {module}.weight, {module}.bias, {module}.eps)"
            : Module();
    }

    public string Activation(ActivationLayer layer)
    {
        return layer.Function switch
        {
            ActivationKind.PReLU or ActivationKind.RReLU => Module(),
            ActivationKind.GELU when layer.Approximate => Call("gelu", $"{TorchNames.Modules}.GELU.Approximate.tanh"),
            ActivationKind.GLU => Call("glu", ChannelAxis),
            ActivationKind.LogSigmoid => Call("logsigmoid"),
            _ when layer.Numbers.Any() || !layer.Function.HasFunction() => Composed(),
            var function => Call(function.ToString().ToLowerInvariant()),
        };

        string Composed() => $"{FusedCall.Activation(layer)}.Compose({x})";
    }

    public string Pool(PoolLayer layer)
    {
        var array = layer.Rank == 3;
        var tuple = layer.Rank == 2 && LayerModule.Differ(layer.Kernel, layer.Stride, layer.Padding, layer.Dilation);
        var stride = array && !layer.Average ? "strides" : "stride";
        string[] arguments =
        [
            Window(layer.Kernel, "kernel"),
            layer.Stride == layer.Kernel ? "" : $"{stride}: {Window(layer.Stride, "stride")}",
            layer.Padding.All(size => size.Constant == 0) ? "" : $"padding: {Window(layer.Padding, "padding")}",
            layer.Average || layer.Dilation.All(size => size.Constant == 1) ? "" : $"dilation: {Window(layer.Dilation, "dilation")}",
            layer.CeilMode ? "ceil_mode: true" : "",
            layer.Average && !layer.CountIncludePad ? "count_include_pad: false" : "",
        ];
        return Call($"{(layer.Average ? "avg" : "max")}_pool{layer.Rank}d", arguments);

        string Window(EquatableArray<Dim> sizes, string name)
        {
            var texts = sizes.Select(size => scope.InMethod(size, $"{block.Declaration.StateName}_pool_{name}")).ToList();
            return array ? $"[{string.Join(", ", texts)}]" : tuple ? $"({string.Join(", ", texts)})" : texts[0];
        }
    }

    public string GlobalAveragePool(GlobalAveragePoolLayer layer)
    {
        var axes = Enumerable.Range(0, placed.Input.Rank).Where(axis => axis != placed.Input.ChannelAxis).Select(axis => axis + 1);
        return $"{x}.mean([{string.Join(", ", axes)}])";
    }

    public string Upsample(UpsampleLayer layer)
    {
        var scale = scope.InMethod(layer.Scale, $"{placed.Path}_scale");
        var axes = string.Join(", ", Enumerable.Repeat(scale, placed.Input.Rank - 1));
        var mode = (layer.Interpolation, placed.Input.Rank) switch
        {
            (UpsampleKind.Nearest, _) => "Nearest",
            (UpsampleKind.Cubic, _) => "Bicubic",
            (_, 2) => "Linear",
            (_, 3) => "Bilinear",
            _ => "Trilinear",
        };
        return Call(
            "interpolate",
            $"scale_factor: [{axes}]",
            $"mode: global::TorchSharp.torch.InterpolationMode.{mode}",
            layer.Interpolation == UpsampleKind.Nearest ? "" : $"align_corners: {(layer.AlignCorners ? "true" : "false")}");
    }

    public string PixelShuffle(PixelShuffleLayer layer) =>
        Call(layer.Inverse ? "pixel_unshuffle" : "pixel_shuffle", scope.InMethod(layer.Factor, $"{placed.Path}_factor"));

    public string Flatten(FlattenLayer layer) => $"{x}.flatten(1)";

    public string Reshape(ReshapeLayer layer)
    {
        return $"{x}.reshape({string.Join(", ", layer.Sizes.Select(Size).Prepend($"{x}.size(0)"))})";

        // A size that is open until run time is what remains of the elements.
        string Size(Dim size) => size.Symbols().Any(scope.Declaration.FreeSizes.Contains) || !size.IsKnown ? "-1" : scope.InMethod(size, placed.Path + "_size");
    }

    public string Softmax(SoftmaxLayer layer) => Call(layer.Log ? "log_softmax" : "softmax", ChannelAxis);

    public string Dropout(DropoutLayer layer) => Module();

    public string DropPath(DropPathLayer layer) => Module();

    public string GaussianNoise(GaussianNoiseLayer layer) => Module();

    public string Stack(StackLayer layer) => Module();

    /// <summary>Such a layer keeps its block from being written.</summary>
    public string NotDeclared(Layer layer) => $"{x}.alias()";

    /// <summary>The layer with a weight that was taken apart and made anew.</summary>
    /// <param name="weight">The weight.</param>
    public string WithWeight(string weight)
    {
        var bias = placed.HasBias ? $"{scope.Field(block, placed)}.bias" : "";
        if (placed.Layer is not ConvolutionLayer conv)
        {
            return Call("linear", weight, bias);
        }

        return Call(
            conv.Transposed ? $"conv_transpose{conv.Rank}d" : $"conv{conv.Rank}d",
            weight,
            bias,
            Sizes(conv.Rank == 1 ? "stride" : "strides", conv.Stride, 1),
            Sizes("padding", conv.Padding, 0),
            Sizes("output_padding", conv.OutputPadding, 0),
            Sizes("dilation", conv.Dilation, 1),
            conv.Groups.Constant == 1 ? "" : $"groups: {scope.InMethod(conv.Groups, placed.Path + "_groups")}");

        string Sizes(string name, EquatableArray<Dim> sizes, long usual)
        {
            if (sizes.All(size => size.Constant == usual))
            {
                return "";
            }

            var texts = sizes.Select(size => scope.InMethod(size, $"{placed.Path}_{name}"));
            return conv.Rank == 1 ? $"{name}: {texts.First()}" : $"{name}: [{string.Join(", ", texts)}]";
        }
    }

    /// <summary>The axis of the channels, the batch counted.</summary>
    private string ChannelAxis => placed.Input.IsKnown && placed.Input.IsChannelsFirst ? "1" : "-1";

    private string Module() => $"{scope.Field(block, placed)}.call({x})";

    private string Call(string function, params string[] arguments) =>
        $"{TorchNames.Functional}.{function}({string.Join(", ", arguments.Where(argument => argument.Length > 0).Prepend(x))})";
}

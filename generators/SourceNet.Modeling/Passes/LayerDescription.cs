using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Passes;

/// <summary>A layer in words: what TorchSharp calls it, and its settings.</summary>
public static class LayerDescription
{
    /// <summary>The layer's kind, for the shape that it gets: <c>BatchNorm2d</c>.</summary>
    public static string Kind(Layer layer, Shape input) => layer switch
    {
        LinearLayer => "Linear",
        ConvolutionLayer conv => $"Conv{(conv.Transposed ? "Transpose" : "")}{conv.Rank}d",
        EmbeddingLayer => "Embedding",
        PositionEmbeddingLayer => "PositionEmbedding",
        AttentionLayer => "Attention",
        FeedForwardLayer => "FeedForward",
        SwiGluLayer => "SwiGlu",
        NormLayer { Function: NormKind.Batch } => "BatchNorm" + SpatialSuffix(input),
        NormLayer { Function: NormKind.Instance } => "InstanceNorm" + SpatialSuffix(input),
        NormLayer norm => norm.Function + "Norm",
        ActivationLayer activation => activation.Function.ToString(),
        PoolLayer pool => $"{(pool.Average ? "Avg" : "Max")}Pool{pool.Rank}d",
        GlobalAveragePoolLayer => "GlobalAveragePool",
        FlattenLayer => "Flatten",
        ReshapeLayer => "Reshape",
        SoftmaxLayer softmax => softmax.Log ? "LogSoftmax" : "Softmax",
        DropoutLayer { Kind: DropoutKind.Element } => "Dropout",
        DropoutLayer { Kind: DropoutKind.Spatial } => "Dropout" + SpatialSuffix(input),
        DropoutLayer { Kind: DropoutKind.Block } => "DropBlock",
        DropoutLayer dropout => dropout.Kind + "Dropout",
        DropPathLayer => "DropPath",
        GaussianNoiseLayer => "GaussianNoise",
        StackLayer stack => $"Stack<{stack.DisplayName}>",
        RecurrentLayer recurrent => recurrent.Kind,
        TransformerLayer transformer => transformer.Kind,
        UpsampleLayer => "Upsample",
        OtherLayer other => other.Kind,
        _ => "Unreadable",
    };

    /// <summary>The layer's settings, those that differ from the usual ones.</summary>
    public static string Details(PlacedLayer placed) => string.Join(", ", Settings(placed).Where(setting => setting.Length > 0));

    private static IEnumerable<string> Settings(PlacedLayer placed)
    {
        switch (placed.Layer)
        {
            case LinearLayer linear:
                return [$"{placed.Input.Last} -> {linear.OutFeatures}", NoBias(placed), placed.Tie is { } tie ? $"tied to {tie.Path}" : ""];
            case ConvolutionLayer conv:
                return
                [
                    $"{Channels(placed.Input)} -> {conv.OutChannels}", $"kernel {Window(conv.Kernel)}",
                    Unless(conv.Stride, 1, "stride"), Unless(conv.Padding, 0, "padding"), Unless(conv.Dilation, 1, "dilation"),
                    Unless(conv.OutputPadding, 0, "output padding"), conv.Groups.Constant == 1 ? "" : $"groups {conv.Groups}", NoBias(placed),
                ];
            case EmbeddingLayer embedding:
                return [$"{embedding.Count} x {embedding.Width}"];
            case PositionEmbeddingLayer position:
                return [$"up to {position.MaxLength}"];
            case AttentionLayer attention:
                return
                [
                    $"heads {attention.Heads}", attention.KeyValueHeads is { } heads ? $"key-value heads {heads}" : "",
                    attention.Causal ? "causal" : "", attention.Rotary ? "rotary" : "", attention.Dropout.IsZero ? "" : $"dropout {attention.Dropout.Text}", NoBias(placed),
                ];
            case FeedForwardLayer feedForward:
                return [$"hidden {feedForward.Hidden}", feedForward.Activation.ToString(), feedForward.Dropout.IsZero ? "" : $"dropout {feedForward.Dropout.Text}", NoBias(placed)];
            case SwiGluLayer swiGlu:
                return [$"hidden {swiGlu.Hidden}"];
            case NormLayer norm:
                return
                [
                    norm.Function == NormKind.Group ? $"groups {norm.Groups}" : "",
                    norm.Eps == 1e-5 ? "" : $"eps {Expression.Format(norm.Eps)}",
                    norm.Momentum == 0.1 ? "" : $"momentum {Expression.Format(norm.Momentum)}",
                    norm.Affine is not { } affine || affine == (norm.Function != NormKind.Instance) ? "" : affine ? "with scale" : "without scale",
                ];
            case PoolLayer pool:
                return
                [
                    $"window {Window(pool.Kernel)}", pool.Stride == pool.Kernel ? "" : $"stride {Window(pool.Stride)}", Unless(pool.Padding, 0, "padding"),
                    Unless(pool.Dilation, 1, "dilation"), pool.CeilMode ? "rounded up" : "", pool.CountIncludePad ? "" : "padding not counted",
                ];
            case DropoutLayer dropout:
                return [dropout.Rate.Text, dropout.Kind == DropoutKind.Block ? $"blocks of {dropout.BlockSize}" : ""];
            case DropPathLayer path:
                return [path.Rate.Text];
            case GaussianNoiseLayer noise:
                return [$"standard deviation {noise.StandardDeviation.Text}"];
            case StackLayer stack:
                return [stack.Repeat.Constant == 1 ? "" : $"repeat {stack.Repeat}"];
            default:
                return [];
        }
    }

    private static string NoBias(PlacedLayer placed) => placed.HasBias ? "" : "no bias";

    private static string Channels(Shape shape) => shape.IsKnown && shape.Rank > 0 ? shape.Dims[0].ToString() : "?";

    private static string Window(EquatableArray<Dim> sizes) => sizes.Distinct().Count() == 1 ? sizes[0].ToString() : string.Join("x", sizes);

    private static string Unless(EquatableArray<Dim> sizes, long usual, string name) => sizes.All(size => size.Constant == usual) ? "" : $"{name} {Window(sizes)}";

    /// <summary>One axis for features or a signal, two for an image, three for a volume.</summary>
    private static string SpatialSuffix(Shape input) => input.Rank <= 2 ? "1d" : input.Rank == 3 ? "2d" : "3d";
}

using SourceNet.Modeling;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Generators.Emission;

/// <summary>The module that holds a layer's parameters or its mode: its type, and the expression that makes it.</summary>
internal sealed record LayerModule(string Type, string Construction)
{
    /// <summary>The layer's module; null for a layer that is a function only.</summary>
    public static LayerModule? Of(PlacedLayer placed)
    {
        var kind = LayerDescription.Kind(placed.Layer, placed.Input);
        switch (placed.Layer)
        {
            case LinearLayer when placed.Tie is not null:
                return placed.HasBias ? Own("Bias", $"{placed.Output.Last}") : null;
            case LinearLayer linear:
                return Torch(kind, $"{placed.Input.Last}, {linear.OutFeatures}", placed.HasBias ? "" : "hasBias: false");
            case ConvolutionLayer conv:
                return Torch(kind, [.. ConvolutionArguments(placed, conv)]);
            case EmbeddingLayer embedding:
                return Torch(kind, $"{embedding.Count}, {embedding.Width}", embedding.PaddingIndex is { } padding ? $"padding_idx: {padding}" : "");
            case PositionEmbeddingLayer position:
                return Own(kind, $"{position.MaxLength}, {placed.Input.Last}");
            case AttentionLayer attention:
                return Own(
                    kind,
                    $"{placed.Input.Last}, {attention.Heads}",
                    attention.KeyValueHeads is { } heads ? $"keyValueHeads: {heads}" : "",
                    attention.Causal ? "causal: true" : "",
                    attention.Rotary ? "rotary: true" : "",
                    attention.Rotary && attention.RotaryBase != 10_000 ? $"rotaryBase: {Number(attention.RotaryBase)}" : "",
                    attention.Dropout.IsZero ? "" : $"dropout: {attention.Dropout.CSharp}",
                    placed.HasBias ? "" : "bias: false");
            case FeedForwardLayer feedForward:
                return Own(
                    kind,
                    $"{placed.Input.Last}, {feedForward.Hidden}",
                    feedForward.Activation == ActivationKind.GELU ? "" : $"activation: {TorchNames.SourceNet}.ActivationKind.{feedForward.Activation}",
                    feedForward.Dropout.IsZero ? "" : $"dropout: {feedForward.Dropout.CSharp}",
                    placed.HasBias ? "" : "bias: false");
            case SwiGluLayer swiGlu:
                return Own(kind, $"{placed.Input.Last}, {swiGlu.Hidden}", placed.HasBias ? "bias: true" : "");
            case NormLayer norm:
                return Norm(placed, norm, kind);
            case ActivationLayer { Function: ActivationKind.PReLU } activation:
                return Torch(kind, "1", activation.Settings[0] == 0.25 ? "" : $"init: {Number(activation.Settings[0])}");
            case ActivationLayer { Function: ActivationKind.RReLU } activation:
                return Own(kind, $"lower: {Number(activation.Settings[0])}", $"upper: {Number(activation.Settings[1])}");
            case DropoutLayer { Kind: DropoutKind.Gaussian or DropoutKind.Block } dropout:
                return Own(kind, dropout.Rate.CSharp, dropout.Kind == DropoutKind.Block && dropout.BlockSize != 7 ? $"blockSize: {dropout.BlockSize}" : "");
            case DropoutLayer dropout:
                return Torch(kind, dropout.Rate.CSharp);
            case DropPathLayer path:
                return Own(kind, path.Rate.CSharp);
            case GaussianNoiseLayer noise:
                return Own(kind, noise.StandardDeviation.CSharp);
            case StackLayer stack:
                return Own($"Stack<{stack.TypeName}>", $"{stack.Repeat}", $"{(stack.UsesPosition ? "index" : "_")} => new {stack.TypeName}({string.Join(", ", stack.Arguments)})");
            default:
                return null;
        }
    }

    public static string Number(double value) => Rate.Of(value).CSharp;

    /// <summary>A window as an argument: one number where all axes agree, else a tuple.</summary>
    public static string Window(EquatableArray<Dim> sizes, bool tuple) => tuple ? $"({string.Join(", ", sizes)})" : sizes[0].ToString();

    public static bool Differ(params EquatableArray<Dim>[] windows) => windows.Any(window => window.Distinct().Count() > 1);

    private static LayerModule Torch(string kind, params string[] arguments) => new($"{TorchNames.Modules}.{kind}", $"{TorchNames.NN}.{kind}({Arguments(arguments)})");

    private static LayerModule Own(string kind, params string[] arguments) => new($"{TorchNames.Layers}.{kind}", $"new({Arguments(arguments)})");

    private static string Arguments(IEnumerable<string> arguments) => string.Join(", ", arguments.Where(argument => argument.Length > 0));

    private static IEnumerable<string> ConvolutionArguments(PlacedLayer placed, ConvolutionLayer conv)
    {
        var tuple = Differ(conv.Kernel, conv.Stride, conv.Padding, conv.Dilation, conv.OutputPadding);
        yield return $"{placed.Input.Dims[0]}, {conv.OutChannels}";
        yield return $"kernel_size: {Window(conv.Kernel, tuple)}";
        yield return Unless("stride", conv.Stride, 1);
        yield return Unless("padding", conv.Padding, 0);
        yield return Unless("output_padding", conv.OutputPadding, 0);
        yield return Unless("dilation", conv.Dilation, 1);
        yield return conv.Groups.Constant == 1 ? "" : $"groups: {conv.Groups}";
        yield return placed.HasBias ? "" : "bias: false";

        string Unless(string name, EquatableArray<Dim> sizes, long usual) =>
            sizes.All(size => size.Constant == usual) ? "" : $"{name}: {Window(sizes, tuple)}";
    }

    private static LayerModule Norm(PlacedLayer placed, NormLayer norm, string kind)
    {
        var eps = norm.Eps == 1e-5 ? "" : $"eps: {Number(norm.Eps)}";
        var momentum = norm.Momentum == 0.1 ? "" : $"momentum: {Number(norm.Momentum)}";
        var channels = placed.Input.Dims[0].ToString();
        // LayerNorm and RMSNorm normalise the features of a position, or a whole image.
        var normalized = placed.Input.IsChannelsFirst ? $"[{string.Join(", ", placed.Input.Dims)}]" : placed.Input.Last.ToString();
        return norm.Function switch
        {
            NormKind.Layer => Torch(kind, normalized, eps, norm.HasScale ? "" : "elementwise_affine: false"),
            NormKind.RMS => Own(kind, normalized, eps, norm.HasScale ? "" : "affine: false"),
            NormKind.Group => Torch(kind, $"{norm.Groups}, {channels}", eps, norm.HasScale ? "" : "affine: false"),
            NormKind.Instance => Torch(kind, channels, eps, momentum, norm.HasScale ? "affine: true" : ""),
            _ => Torch(kind, channels, eps, momentum, norm.HasScale ? "" : "affine: false"),
        };
    }
}

using SourceNet.Modeling;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Generators.Emission;

/// <summary>The module that holds a layer's parameters or its mode: its type, and the expression that makes it.</summary>
internal sealed record LayerModule(string Type, string Construction)
{
    /// <summary>The layer's module; null for a layer that is a function only.</summary>
    public static LayerModule? Of(PlacedLayer placed) => placed.Layer.Accept(new Maker(placed));

    public static string Number(double value) => Rate.Of(value).CSharp;

    public static bool Differ(params EquatableArray<Dim>[] windows) => windows.Any(window => window.Distinct().Count() > 1);

    /// <summary>Makes the module of each kind of layer.</summary>
    private sealed class Maker(PlacedLayer placed) : ILayerVisitor<LayerModule?>
    {
        private string NoBias => placed.HasBias ? "" : "bias: false";

        public LayerModule? Linear(LinearLayer layer) =>
            placed.Tie is null ? Torch($"{placed.Input.Last}, {layer.OutFeatures}", placed.HasBias ? "" : "hasBias: false")
            : placed.HasBias ? new LayerModule($"{TorchNames.CompilerServices}.Bias", $"new({placed.Output.Last})")
            : null;

        public LayerModule? Convolution(ConvolutionLayer layer)
        {
            var tuple = Differ(layer.Kernel, layer.Stride, layer.Padding, layer.Dilation, layer.OutputPadding);
            return Torch(
                $"{placed.Input.Dims[0]}, {layer.OutChannels}",
                $"kernel_size: {Window(layer.Kernel)}",
                Unless("stride", layer.Stride, 1),
                Unless("padding", layer.Padding, 0),
                Unless("output_padding", layer.OutputPadding, 0),
                Unless("dilation", layer.Dilation, 1),
                layer.Groups.Constant == 1 ? "" : $"groups: {layer.Groups}",
                NoBias);

            string Unless(string name, EquatableArray<Dim> sizes, long usual) => sizes.All(size => size.Constant == usual) ? "" : $"{name}: {Window(sizes)}";

            // One number where all axes of all windows agree, else a tuple.
            string Window(EquatableArray<Dim> sizes) => tuple ? $"({string.Join(", ", sizes)})" : sizes[0].ToString();
        }

        public LayerModule? Embedding(EmbeddingLayer layer) =>
            Torch($"{layer.Count}, {layer.Width}", layer.PaddingIndex is { } padding ? $"padding_idx: {padding}" : "");

        public LayerModule? PositionEmbedding(PositionEmbeddingLayer layer) => Own($"{layer.MaxLength}, {placed.Input.Last}");

        public LayerModule? Attention(AttentionLayer layer) => Own(
            $"{placed.Input.Last}, {layer.Heads}",
            layer.KeyValueHeads is { } heads ? $"keyValueHeads: {heads}" : "",
            layer.Causal ? "causal: true" : "",
            layer.Rotary ? "rotary: true" : "",
            layer.Rotary && layer.RotaryBase != AttentionLayer.UsualBase ? $"rotaryBase: {Number(layer.RotaryBase)}" : "",
            layer.Dropout.IsZero ? "" : $"dropout: {layer.Dropout.CSharp}",
            NoBias,
            layer.IsFused ? "fused: true" : "");

        public LayerModule? FeedForward(FeedForwardLayer layer) => Own(
            $"{placed.Input.Last}, {layer.Hidden}",
            layer.Activation == ActivationKind.GELU ? "" : $"activation: {TorchNames.SourceNet}.ActivationKind.{layer.Activation}",
            layer.Dropout.IsZero ? "" : $"dropout: {layer.Dropout.CSharp}",
            NoBias);

        public LayerModule? SwiGlu(SwiGluLayer layer) => Own($"{placed.Input.Last}, {layer.Hidden}", placed.HasBias ? "bias: true" : "");

        public LayerModule? Norm(NormLayer layer)
        {
            var eps = layer.Eps == NormLayer.UsualEps ? "" : $"eps: {Number(layer.Eps)}";
            var momentum = layer.Momentum == NormLayer.UsualMomentum ? "" : $"momentum: {Number(layer.Momentum)}";
            var channels = placed.Input.Dims[0].ToString();
            // LayerNorm and RMSNorm normalise the features of a position, or a whole image.
            var sizes = NormLayer.Normalized(placed);
            var normalized = sizes.Count > 1 ? $"[{string.Join(", ", sizes)}]" : sizes[0].ToString();
            var notAffine = layer.HasScale ? "" : "affine: false";
            return layer.Function switch
            {
                NormKind.Layer => Torch(normalized, eps, layer.HasScale ? "" : "elementwise_affine: false"),
                NormKind.RMS => Own(normalized, eps, notAffine),
                NormKind.Group => Torch($"{layer.Groups}, {channels}", eps, notAffine),
                NormKind.Instance => Torch(channels, eps, momentum, layer.HasScale ? "affine: true" : ""),
                NormKind.Batch => Torch(channels, eps, momentum, notAffine),
                _ => null,
            };
        }

        public LayerModule? Activation(ActivationLayer layer) => layer.Function switch
        {
            ActivationKind.PReLU => Torch("1", layer.Numbers[0] == 0.25 ? "" : $"init: {Number(layer.Numbers[0])}"),
            ActivationKind.RReLU => Own($"lower: {Number(layer.Numbers[0])}", $"upper: {Number(layer.Numbers[1])}"),
            _ => null,
        };

        public LayerModule? Pool(PoolLayer layer) => null;

        public LayerModule? GlobalAveragePool(GlobalAveragePoolLayer layer) => null;

        public LayerModule? Upsample(UpsampleLayer layer) => null;

        public LayerModule? PixelShuffle(PixelShuffleLayer layer) => null;

        public LayerModule? Flatten(FlattenLayer layer) => null;

        public LayerModule? Reshape(ReshapeLayer layer) => null;

        public LayerModule? Softmax(SoftmaxLayer layer) => null;

        public LayerModule? Dropout(DropoutLayer layer) => layer.Kind switch
        {
            DropoutKind.Gaussian => Own(layer.Rate.CSharp),
            DropoutKind.Block => Own(layer.Rate.CSharp, layer.BlockSize == DropoutLayer.UsualBlockSize ? "" : $"blockSize: {layer.BlockSize}"),
            _ => Torch(layer.Rate.CSharp),
        };

        public LayerModule? DropPath(DropPathLayer layer) => Own(layer.Rate.CSharp);

        public LayerModule? GaussianNoise(GaussianNoiseLayer layer) => Own(layer.StandardDeviation.CSharp);

        public LayerModule? Stack(StackLayer layer) => new(
            $"{TorchNames.CompilerServices}.Stack<{layer.TypeName}>",
            $"new({layer.Repeat}, {(layer.UsesPosition ? "index" : "_")} => new {layer.TypeName}({string.Join(", ", layer.Arguments)}))");

        public LayerModule? NotDeclared(Layer layer) => null;

        /// <summary>A module of TorchSharp, which its factory makes.</summary>
        private LayerModule Torch(params string[] arguments) =>
            new($"{TorchNames.Modules}.{placed.Kind}", $"{TorchNames.NN}.{placed.Kind}({Arguments(arguments)})");

        /// <summary>One of the library's own layers.</summary>
        private LayerModule Own(params string[] arguments) => new($"{TorchNames.Layers}.{placed.Kind}", $"new({Arguments(arguments)})");

        private static string Arguments(IEnumerable<string> arguments) => string.Join(", ", arguments.Where(argument => argument.Length > 0));
    }
}

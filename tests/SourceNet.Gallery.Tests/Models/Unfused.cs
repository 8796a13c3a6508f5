using static SourceNet.ActivationKind;
using static SourceNet.NormKind;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

/// <summary>
/// Every step that can be fused: batch norm folded and not, whole channels dropped, rows normalized, activations dropped, a residual whose body is skipped.
/// </summary>
[Model, Input(3, 8, 8)]
public sealed partial class Fusible
{
    [Conv2d(6, Kernel = 3, Padding = 1), Norm(Batch), Activation(LeakyReLU, Slope = 0.2), SpatialDropout(0.2)]
    private partial Tensor Stem(Tensor x);

    [Norm(Batch), Activation(SiLU), Dropout(0.1), ConvTranspose2d(6, Kernel = 2, Stride = 2, Bias = true), Norm(Batch)]
    private partial Tensor Up(Tensor x);

    [Residual, Conv2d(6, Kernel = 3, Padding = 1), Norm(RMS), Activation(Mish), DropPath(0.3)]
    private partial Tensor Body(Tensor x);

    [GlobalAveragePool, Linear(12), Norm(Batch), Activation(ELU), Dropout(0.2)]
    private partial Tensor Features(Tensor x);

    [Linear(12), Norm(Layer), Activation(GELU), Dropout(0.2)]
    private partial Tensor Hidden(Tensor x);

    [Linear(12), Activation(Tanh), Dropout(0.2), SwiGlu(8), FeedForward(8, Dropout = 0.2), Linear(4), Output]
    private partial Tensor Logits(Tensor x);
}

/// <summary>The layers of <see cref="Fusible"/>, each computed by its own module.</summary>
[Model(Fuse = false), Input(3, 8, 8)]
public sealed partial class Unfused
{
    [Conv2d(6, Kernel = 3, Padding = 1), Norm(Batch), Activation(LeakyReLU, Slope = 0.2), SpatialDropout(0.2)]
    private partial Tensor Stem(Tensor x);

    [Norm(Batch), Activation(SiLU), Dropout(0.1), ConvTranspose2d(6, Kernel = 2, Stride = 2, Bias = true), Norm(Batch)]
    private partial Tensor Up(Tensor x);

    [Residual, Conv2d(6, Kernel = 3, Padding = 1), Norm(RMS), Activation(Mish), DropPath(0.3)]
    private partial Tensor Body(Tensor x);

    [GlobalAveragePool, Linear(12), Norm(Batch), Activation(ELU), Dropout(0.2)]
    private partial Tensor Features(Tensor x);

    [Linear(12), Norm(Layer), Activation(GELU), Dropout(0.2)]
    private partial Tensor Hidden(Tensor x);

    [Linear(12), Activation(Tanh), Dropout(0.2), SwiGlu(8), FeedForward(8, Dropout = 0.2), Linear(4), Output]
    private partial Tensor Logits(Tensor x);
}

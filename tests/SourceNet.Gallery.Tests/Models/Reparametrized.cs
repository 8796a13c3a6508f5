using static SourceNet.ActivationKind;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

/// <summary>Weights that are transformed before they are used.</summary>
[Model, Input(4, 8)]
public sealed partial class Reparametrized(int channels = 6, int groups = 2)
{
    [Conv1d(nameof(channels), Kernel = 3, Padding = 1, Stride = 1), Activation(Tanh), WeightNorm]
    private partial Tensor Signal(Tensor x);

    [Reshape("channels", 2, 4), Conv2d(nameof(
        channels), Kernel = "1, 3", Padding = "0, 1", Groups = nameof(groups), Bias = false), Activation(Tanh), SpectralNorm(Iterations = 2)]
    private partial Tensor Image(Tensor x);

    [ConvTranspose2d(4, Kernel = 2, Stride = "2, 1", Groups = 2), Activation(Tanh), WeightNorm]
    private partial Tensor Raised(Tensor x);

    [ConvTranspose2d(2, Kernel = 1), Activation(Tanh), SpectralNorm]
    private partial Tensor Spread(Tensor x);

    [Flatten, Linear(10), Activation(Tanh), DropConnect(0.3)]
    private partial Tensor Dropped(Tensor x);

    [Linear(4), WeightNorm, Output]
    private partial Tensor Logits(Tensor x);
}

using static SourceNet.ActivationKind;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

/// <summary>Every regularizer in the forward pass.</summary>
[Model, Input(3, 12, 12)]
public sealed partial class NoiseZoo(double rate = 0.2)
{
    [GaussianNoise(0.1), Conv2d(6, Kernel = 3, Padding = 1), Activation(ReLU), SpatialDropout(nameof(rate))]
    private partial Tensor First(Tensor x);

    [Conv2d(6, Kernel = 3, Padding = 1), Activation(ReLU), DropBlock("rate / 2", BlockSize = 3)]
    private partial Tensor Second(Tensor x);

    [Residual, Conv2d(6, Kernel = 1), Activation(ReLU), Dropout(0.1), DropPath("rate")]
    private partial Tensor Third(Tensor x);

    [GlobalAveragePool, Linear(16), Activation(SELU), AlphaDropout(0.1)]
    private partial Tensor Fourth(Tensor x);

    [Linear(16), GaussianDropout("1 - 4 * rate"), GaussianNoise("rate / 10")]
    private partial Tensor Fifth(Tensor x);

    [Dropout(0), Linear(4), Output]
    private partial Tensor Logits(Tensor x);
}

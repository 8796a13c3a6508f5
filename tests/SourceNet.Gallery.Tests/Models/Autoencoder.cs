using static SourceNet.ActivationKind;
using static SourceNet.ObjectiveKind;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

/// <summary>Down to a vector and up to an image again.</summary>
[Model, Input(1, 8, 8), Objective(MeanSquaredError)]
public sealed partial class Autoencoder(int code = 6)
{
    [Conv2d(4, Kernel = 3, Stride = 2, Padding = 1), Activation(SiLU)]
    private partial Tensor Shrink(Tensor image);

    [Flatten, Linear(nameof(code)), Softmax]
    private partial Tensor Encode(Tensor x);

    [Linear(64), Activation(SiLU), Reshape(4, 4, 4)]
    private partial Tensor Decode(Tensor x);

    [Softmax(Log = true), ConvTranspose2d(1, Kernel = 4, Stride = 2, Padding = 1), Activation(Sigmoid), Output]
    private partial Tensor Grow(Tensor x);
}

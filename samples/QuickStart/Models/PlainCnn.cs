using SourceNet;
using static SourceNet.ActivationKind;
using static TorchSharp.torch;

namespace QuickStart.Models;

/// <summary>Two convolutions and two fully connected layers, with nothing against learning the training images by heart.</summary>
[Model, Input(1, 28, 28)]
internal sealed partial class PlainCnn
{
    [Conv2d(16, Kernel = 3, Padding = 1), Activation(ReLU), MaxPool2d(2)]
    private partial Tensor Block1(Tensor x);

    [Conv2d(32, Kernel = 3, Padding = 1), Activation(ReLU), MaxPool2d(2)]
    private partial Tensor Block2(Tensor x);

    [Flatten, Linear(128), Activation(ReLU)]
    private partial Tensor Hidden(Tensor x);

    [Linear(10), Output]
    private partial Tensor Logits(Tensor x);
}

using static SourceNet.ActivationKind;
using static SourceNet.NormKind;
using static TorchSharp.torch;

namespace SourceNet.Benchmarks.Models;

/// <summary>The network of the quick start.</summary>
[Model, Input(1, 28, 28)]
[WeightDecay(0.01), LabelSmoothing(0.1)]
internal sealed partial class Cnn(double dropout = 0.5)
{
    [Conv2d(16, Kernel = 3, Padding = 1), Norm(Batch), Activation(ReLU), MaxPool2d(2)]
    private partial Tensor Block1(Tensor x);

    [Conv2d(32, Kernel = 3, Padding = 1), Norm(Batch), Activation(ReLU), MaxPool2d(2)]
    private partial Tensor Block2(Tensor x);

    [Flatten, Dropout(nameof(dropout)), Linear(128), Activation(ReLU)]
    private partial Tensor Hidden(Tensor x);

    [Dropout(nameof(dropout)), Linear(10), Output]
    private partial Tensor Logits(Tensor x);
}

using SourceNet;
using static SourceNet.ActivationKind;
using static SourceNet.NormKind;
using static TorchSharp.torch;

namespace Cifar10Experiment;

/// <summary>
/// The guide's network: three blocks of convolutions and a head 256 → 128 → 10. What regularizes it are constructor parameters, so that one class serves
/// every experiment.
/// </summary>
[Model, Input(3, 32, 32), WeightDecay(nameof(decay)), LabelSmoothing(nameof(smoothing))]
internal sealed partial class SimpleCnn(double dropout, double decay, double smoothing)
{
    [Conv2d(32, Kernel = 3, Padding = 1), Norm(Batch), Activation(ReLU), MaxPool2d(2)]
    private partial Tensor Block1(Tensor x);

    [Conv2d(64, Kernel = 3, Padding = 1), Norm(Batch), Activation(ReLU), MaxPool2d(2)]
    private partial Tensor Block2(Tensor x);

    [Conv2d(256, Kernel = 3, Padding = 1), Norm(Batch), Activation(ReLU), GlobalAveragePool]
    private partial Tensor Block3(Tensor x);

    [Dropout(nameof(dropout)), Linear(128), Activation(ReLU)]
    private partial Tensor Hidden(Tensor x);

    [Dropout(nameof(dropout)), Linear(10), Output]
    private partial Tensor Logits(Tensor x);
}

using static SourceNet.ActivationKind;
using static SourceNet.NormKind;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

[Model, Input(3, 32, 32)]
[WeightDecay(1e-3), LabelSmoothing(0.1), GradientClip(1)]
public sealed partial class SimpleCnn(double dropout = 0.3)
{
    [Conv2d(64, Kernel = 3, Padding = 1), Norm(Batch), Activation(ReLU), MaxPool2d(2)]
    private partial Tensor Block1(Tensor x);

    [Conv2d(128, Kernel = 3, Padding = 1), Norm(Batch), Activation(ReLU), MaxPool2d(2)]
    private partial Tensor Block2(Tensor x);

    [Conv2d(256, Kernel = 3, Padding = 1), Norm(Batch), Activation(ReLU), GlobalAveragePool]
    private partial Tensor Block3(Tensor x);

    [Dropout(nameof(dropout)), Linear(128), Activation(ReLU)]
    private partial Tensor Hidden(Tensor x);

    [Dropout(nameof(dropout)), Linear(10), Output]
    private partial Tensor Logits(Tensor x);
}

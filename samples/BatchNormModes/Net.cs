using SourceNet;
using static SourceNet.ActivationKind;
using static SourceNet.NormKind;
using static TorchSharp.torch;

namespace BatchNormModes;

/// <summary>A perceptron with batch norm: images to the logits of ten classes.</summary>
[Model, Input(1, 28, 28), WeightDecay(1e-2)]
internal sealed partial class Net
{
    [Flatten, Linear(128), Norm(Batch), Activation(ReLU)]
    private partial Tensor First(Tensor x);

    [Linear(128), Norm(Batch), Activation(ReLU)]
    private partial Tensor Second(Tensor x);

    [Linear(10), Output]
    private partial Tensor Logits(Tensor x);
}

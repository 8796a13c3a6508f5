using TorchSharp;
using static SourceNet.ActivationKind;
using static TorchSharp.torch;

namespace SourceNet.Training.Tests;

/// <summary>A declared model whose norm, activation and dropout are one kernel.</summary>
[Model, Input(3)]
[WeightDecay(1e-3)]
internal sealed partial class NormedModel
{
    [Linear(16), Norm(NormKind.Batch), Activation(ReLU), Dropout(0.3)]
    private partial Tensor Hidden(Tensor x);

    [Linear(2), Output]
    private partial Tensor Logits(Tensor x);
}

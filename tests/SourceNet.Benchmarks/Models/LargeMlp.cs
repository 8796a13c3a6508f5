using static SourceNet.ActivationKind;
using static TorchSharp.torch;

namespace SourceNet.Benchmarks.Models;

/// <summary>Most of its time is in matrix products.</summary>
[Model, Input(784), Activation(ReLU), Dropout(0.3)]
[WeightDecay(0.01)]
internal sealed partial class LargeMlp
{
    [Linear(512)]
    private partial Tensor Hidden1(Tensor x);

    [Linear(512)]
    private partial Tensor Hidden2(Tensor x);

    [Linear(10), Output]
    private partial Tensor Logits(Tensor x);
}

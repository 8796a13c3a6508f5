using static SourceNet.ActivationKind;
using static TorchSharp.torch;

namespace SourceNet.Benchmarks.Models;

/// <summary>So small that calls cost more than arithmetic.</summary>
[Model, Input(64)]
[WeightDecay(0.01)]
internal sealed partial class SmallMlp
{
    [Linear(128), Activation(ReLU)]
    private partial Tensor Hidden1(Tensor x);

    [Linear(128), Activation(ReLU)]
    private partial Tensor Hidden2(Tensor x);

    [Linear(10), Output]
    private partial Tensor Logits(Tensor x);
}

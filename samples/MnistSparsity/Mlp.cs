using SourceNet;
using static SourceNet.ActivationKind;
using static TorchSharp.torch;

namespace MnistSparsity;

/// <summary>The guide's network: one hidden layer of 256. Its penalties are constructor parameters, so that one class serves every experiment.</summary>
[Model, Input(1, 28, 28), L1(nameof(l1)), L2(nameof(l2)), WeightDecay(nameof(decay))]
internal sealed partial class Mlp(double l1, double l2, double decay)
{
    [Flatten, Linear(256), Activation(ReLU)]
    private partial Tensor Hidden(Tensor x);

    [Linear(10), Output]
    private partial Tensor Logits(Tensor x);
}

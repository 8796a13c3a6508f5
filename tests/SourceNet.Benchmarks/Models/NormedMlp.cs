using static SourceNet.ActivationKind;
using static SourceNet.NormKind;
using static TorchSharp.torch;

namespace SourceNet.Benchmarks.Models;

/// <summary>The small network with the usual tail after each hidden layer.</summary>
[Model, Input(64), Norm(RMS), Activation(SiLU), Dropout(0.1)]
[WeightDecay(0.01), LabelSmoothing(0.1)]
internal sealed partial class NormedMlp
{
    [Linear(128)]
    private partial Tensor Hidden1(Tensor x);

    [Linear(128)]
    private partial Tensor Hidden2(Tensor x);

    [Linear(10), Output]
    private partial Tensor Logits(Tensor x);
}

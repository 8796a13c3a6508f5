using static SourceNet.ActivationKind;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

/// <summary>Norm, activation and dropout declared once for all blocks.</summary>
[Model, Input("T", 6)]
[Norm(NormKind.RMS), Activation(SiLU), Dropout(0.3), L2(0.01)]
public sealed partial class DefaultTail
{
    [Linear(10)]
    private partial Tensor Usual(Tensor x);

    [Residual, Linear(10, Bias = false), Activation(ReLU)]
    private partial Tensor OwnActivation(Tensor x);

    [Norm(NormKind.Layer), Linear(8), Dropout(0), L2(0)]
    private partial Tensor OwnNorm(Tensor x);

    [Linear(8), Norm(NormKind.None), Activation(ActivationKind.None), Dropout(0)]
    private partial Tensor Bare(Tensor x);

    [GlobalAveragePool]
    private partial Tensor Pool(Tensor x);

    [Linear(3), Output]
    private partial Tensor Logits(Tensor x);
}

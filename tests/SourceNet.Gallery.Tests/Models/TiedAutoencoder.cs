using static SourceNet.ActivationKind;
using static SourceNet.ObjectiveKind;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

/// <summary>Linear layers that share a weight, and layers that are all switched off.</summary>
[Model, Input("dim"), Objective(MeanSquaredError), L2(0.02)]
public sealed partial class TiedAutoencoder(int dim = 6)
{
    [Linear(nameof(dim)), Activation(Tanh)]
    private partial Tensor Encode(Tensor x);

    [Dropout(0), Activation(ActivationKind.None)]
    private partial Tensor Nothing(Tensor x);

    [Residual, Dropout(0)]
    private partial Tensor Twice(Tensor x);

    [Linear(nameof(dim), TiedTo = nameof(Encode)), Activation(Tanh)]
    private partial Tensor Again(Tensor x);

    [Linear(nameof(dim), TiedTo = nameof(Encode), Bias = false), Output]
    private partial Tensor Values(Tensor x);
}

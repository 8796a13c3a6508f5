using static SourceNet.ActivationKind;
using static SourceNet.ObjectiveKind;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

/// <summary>One model for each objective that no other model of the gallery has.</summary>
[Model, Input(4), Objective(MeanSquaredError), L2(0.1)]
public sealed partial class SquaredErrorRegressor
{
    [Linear(6), Activation(Tanh), Linear(2), Output]
    private partial Tensor Values(Tensor x);
}

[Model, Input(4), Objective(MeanAbsoluteError)]
public sealed partial class AbsoluteErrorRegressor
{
    [Linear(6), Activation(Tanh), Linear(2), Output]
    private partial Tensor Values(Tensor x);
}

[Model, Input(4), Objective(Huber)]
public sealed partial class HuberRegressor
{
    [Linear(6), Activation(Tanh), Linear(2), Output]
    private partial Tensor Values(Tensor x);
}

[Model, Input(4), Objective(BinaryCrossEntropy)]
public sealed partial class BinaryClassifier
{
    [Linear(6), Activation(Tanh), Linear(2), Output]
    private partial Tensor Logits(Tensor x);
}

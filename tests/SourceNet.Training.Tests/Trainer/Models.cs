using static SourceNet.ActivationKind;
using static SourceNet.NormKind;
using static TorchSharp.torch;

namespace SourceNet.Training.Tests.Trainers;

/// <summary>
/// Everything of which a resumed training must know: batch norm, dropout, label smoothing, clipping, averages, mixed batches, sharpness-aware steps.
/// </summary>
[Model, Input(64), WeightDecay(0.01), LabelSmoothing(0.1), GradientClip(1)]
[Ema(0.9), Sam(0.02), MixUp(0.4), RDrop(0.2)]
internal sealed partial class Averaged
{
    [Linear(32), Norm(Batch), Activation(ReLU), Dropout(0.3)]
    private partial Tensor Hidden(Tensor x);

    [Linear(10), Output]
    private partial Tensor Logits(Tensor x);
}

[Model, Input(64), L1(1e-4), Swa(0.5), RDrop(0.5)]
internal sealed partial class Swapped
{
    [Linear(32), Norm(Batch), Activation(ReLU), Dropout(0.3)]
    private partial Tensor Hidden(Tensor x);

    [Linear(10), Output]
    private partial Tensor Logits(Tensor x);
}

[Model, Input(64), EarlyStopping(2)]
internal sealed partial class Stopped
{
    [Linear(64), Activation(ReLU), Dropout(0.2)]
    private partial Tensor Hidden(Tensor x);

    [Linear(10), Output]
    private partial Tensor Logits(Tensor x);
}

[Model, Input(64)]
internal sealed partial class Plain
{
    [Linear(32), Activation(ReLU), Dropout(0.5)]
    private partial Tensor Hidden(Tensor x);

    [Linear(10), Output]
    private partial Tensor Logits(Tensor x);
}

[Model, Input(64)]
internal sealed partial class Normed
{
    [Linear(32), Norm(Batch), Activation(ReLU)]
    private partial Tensor Hidden(Tensor x);

    [Linear(10), Output]
    private partial Tensor Logits(Tensor x);
}

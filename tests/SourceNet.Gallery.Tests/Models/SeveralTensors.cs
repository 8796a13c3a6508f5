using static SourceNet.ActivationKind;
using static SourceNet.ObjectiveKind;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

/// <summary>Three outputs, two objectives.</summary>
[Model, Input(784), Objective(BinaryCrossEntropy, Of = "Image"), Objective(KullbackLeibler, Of = "Mean, LogVariance", Weight = nameof(beta))]
public sealed partial class VariationalAutoencoder(int latent = 16, double beta = 0.5)
{
    [Linear(32), Activation(ReLU)] private partial Tensor Encode(Tensor x);
    [Linear(nameof(latent))] private partial Tensor Mean(Tensor h);
    [Linear(nameof(latent)), L2(0.1)] private partial Tensor LogVariance(Tensor h);
    [Input(nameof(latent)), Linear(32), Activation(ReLU), Linear(784)] private partial Tensor Decode(Tensor z);

    public override (Tensor Image, Tensor Mean, Tensor LogVariance) forward(Tensor x)
    {
        using var h = Encode(x);
        var (mean, logVariance) = (Mean(h), LogVariance(h));
        return (Decode(training ? mean + (randn_like(mean) * (logVariance / 2).exp()) : mean), mean, logVariance);
    }
}

/// <summary>Three inputs, one of them left out at will.</summary>
[Model, Objective(BinaryCrossEntropy), WeightDecay(0.01)]
public sealed partial class WideAndDeep(int users, int items, int dim = 4)
{
    [Embedding(nameof(users), nameof(dim))] private partial Tensor User(Tensor id);
    [Embedding(nameof(items), nameof(dim))] private partial Tensor Item(Tensor id);
    [Linear(16), Activation(ReLU), Dropout(0.2), Linear(1), Output] private partial Tensor Score(Tensor features);

    public override Tensor forward(
        [Input(DType = ScalarType.Int64)] Tensor user,
        [Input(DType = ScalarType.Int64)] Tensor item,
        [Input(8)] Tensor numbers,
        Tensor? offset = null)
    {
        var score = Score(cat([User(user), Item(item), numbers], 1));
        return offset is null ? score : score + offset;
    }
}

/// <summary>Two targets, each with settings of its own.</summary>
[Model, Input(6), LabelSmoothing(0.1)]
[Objective(CrossEntropy, Of = "Kind", ClassWeights = new[] { 1.0, 2.0, 0.5 }, IgnoreIndex = 1), Objective(Huber, Of = "Size", Weight = 3)]
public sealed partial class TwoHeads
{
    [Linear(5), Activation(Tanh)] private partial Tensor Trunk(Tensor x);
    [Linear(3), Output] private partial Tensor Kind(Tensor h);
    [Linear(1), Output] private partial Tensor Size(Tensor h);

    public override (Tensor Kind, Tensor Size) forward(Tensor x)
    {
        var h = Trunk(x);
        return (Kind(h), Size(h));
    }
}

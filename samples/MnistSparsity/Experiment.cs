using SourceNet;
using SourceNet.Training;
using static TorchSharp.torch;

namespace MnistSparsity;

/// <summary>One way to keep weights small, and how it is trained.</summary>
/// <param name="Name">As the table shows it.</param>
/// <param name="L1">The proximal L1 of the optimizer step.</param>
/// <param name="L2">The squared penalty in the loss.</param>
/// <param name="Decay">The decoupled weight decay.</param>
/// <param name="Subgradient">An L1 penalty in the loss, as the guide writes it: its subgradient goes through Adam.</param>
internal sealed record Experiment(string Name, double L1 = 0, double L2 = 0, double Decay = 0, double Subgradient = 0)
{
    public static IReadOnlyList<Experiment> All { get; } =
    [
        new("none"),
        new("L2 1e-3 in the loss", L2: 1e-3),
        new("weight decay 1e-3", Decay: 1e-3),
        new("L1 1e-4, subgradient", Subgradient: 1e-4),
        new("L1 1e-3, subgradient", Subgradient: 1e-3),
        new("L1 0.01, proximal", L1: 0.01),
        new("L1 0.1, proximal", L1: 0.1),
        new("elastic net 0.02, proximal", L1: 0.01, Decay: 0.01),
    ];

    /// <summary>Trains a network and measures it before and after its small weights are set to 0.</summary>
    public Result Run(int seed, int epochs, LabeledImages train, LabeledImages test, ITrainingProgress progress)
    {
        manual_seed(seed);
        using var model = new Mlp(L1, L2, Decay);
        var learned = new Batches(train, Mnist.Normalize, 128, seed, shuffle: true);
        var unseen = new Batches(test, Mnist.Normalize, 1000);
        var trainer = new Trainer(
            model,
            (logits, targets) => Loss(model, logits, targets),
            rate => model.CreateOptimizer(rate),
            new() { Epochs = epochs, Progress = progress });
        // The guide's question is about weights, so the curves need no measurement of all training images.
        var history = trainer.Fit(learned, unseen, measured: unseen);
        var sparsity = Sparsity.Of(model);
        var storage = StorageReport.Of(model);
        Pruning.Below(model, 1e-3);
        var pruned = StorageReport.Of(model);
        return new(
            Name,
            seed,
            history.Final.ValidationMetric!.Value,
            sparsity.Total.Weights.ZeroShare,
            sparsity.Total.Weights.NearZeroShare,
            Measurement.Of(model, model.Loss, unseen, Metric.Accuracy).Metric!.Value,
            storage.DenseBytes,
            pruned.SmallerBytes,
            storage.GzipBytes,
            pruned.GzipBytes);
    }

    private Tensor Loss(Mlp model, Tensor logits, Tensor targets)
    {
        var loss = model.Loss(logits, targets);
        if (Subgradient == 0 || !is_grad_enabled())
        {
            return loss;
        }

        // Every parameter, biases too, as the guide has it.
        return loss + (Subgradient * model.parameters().Select(parameter => parameter.abs().sum()).Aggregate((sum, size) => sum + size));
    }
}

/// <summary>What one network reached.</summary>
/// <param name="Experiment">How it was kept small.</param>
/// <param name="Seed">Where its random numbers start.</param>
/// <param name="Accuracy">The share of test images that it gets right.</param>
/// <param name="Zeros">The share of weights that are exactly 0.</param>
/// <param name="Near">The share of weights below 1e-3.</param>
/// <param name="PrunedAccuracy">The accuracy after all weights below 1e-3 were set to 0.</param>
/// <param name="DenseBytes">What its numbers take.</param>
/// <param name="SmallerBytes">What they take after that, each weight dense or in compressed rows, whatever is smaller.</param>
/// <param name="GzipBytes">A safetensors file under gzip, before.</param>
/// <param name="PrunedGzipBytes">And after.</param>
internal sealed record Result(
    string Experiment,
        int Seed,
        double Accuracy,
        double Zeros,
        double Near,
        double PrunedAccuracy,
        long DenseBytes,
        long SmallerBytes,
        long GzipBytes,
        long PrunedGzipBytes);

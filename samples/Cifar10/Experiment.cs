using SourceNet.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Cifar10Experiment;

/// <summary>Trains one network as a trial of the sweep says, and measures it on all images.</summary>
internal static class Experiment
{
    private const int BatchSize = 64;

    public static Dictionary<string, double> Run(Trial trial, LabeledImages train, LabeledImages test, int epochs)
    {
        // One core for each trial: two trials side by side are faster than two cores for one, and the sums do not depend on how many threads share them.
        set_num_threads(1);
        manual_seed(trial.Seed);
        var augments = trial.Flag("augmentation");
        var decay = trial.Number("decay");
        var decoupled = trial.Text("optimizer") switch
        {
            "AdamW" => true,
            "Adam" => false,
            var other => throw new InvalidDataException($"Expected \"Adam\" or \"AdamW\" for \"optimizer\", found \"{other}\"."),
        };
        using var model = new SimpleCnn(trial.Number("dropout"), decoupled ? decay : 0, trial.Number("smoothing"));
        ImageTransform transform = augments ? new GuideAugmentation() : Cifar10.Normalize;
        var learned = new Batches(train, transform, BatchSize, trial.Seed, shuffle: true);
        var seen = new Batches(train, Cifar10.Normalize, 500);
        var unseen = new Batches(test, Cifar10.Normalize, 500);
        var trainer = new Trainer(
            model,
            model.Loss,
            rate => decoupled ? model.CreateOptimizer(rate) : CoupledAdam(model, rate, decay),
            new() { Epochs = epochs, Schedule = Schedule.Cosine() });
        // Measured on all images only at the end: after each epoch it would take a third of the time.
        using var few = train.Take(500);
        var history = trainer.Fit(learned, measured: new Batches(few, Cifar10.Normalize, 500));
        var onTrain = Measurement.Of(model, CrossEntropy, seen, Metric.Accuracy);
        var onTest = Measurement.Of(model, CrossEntropy, unseen, Metric.Accuracy);
        return new()
        {
            ["train"] = onTrain.Metric!.Value,
            ["test"] = onTest.Metric!.Value,
            ["gap"] = onTrain.Metric.Value - onTest.Metric.Value,
            ["train_loss"] = onTrain.Loss,
            ["test_loss"] = onTest.Loss,
            ["seconds"] = history.Epochs.Sum(epoch => epoch.Seconds),
        };
    }

    /// <summary>As the guide's own code has it: the decay goes through Adam's division, and takes biases and norms too.</summary>
#pragma warning disable SN2001, SN2012 // What these rules warn of is what is measured here; the model declares a decay of 0 for it.
    private static optim.Optimizer CoupledAdam(SimpleCnn model, double learningRate, double decay) =>
        optim.Adam(model.parameters(), learningRate, weight_decay: decay);
#pragma warning restore SN2001, SN2012

    /// <summary>Without label smoothing, so that the losses of all trials compare.</summary>
    private static Tensor CrossEntropy(Tensor logits, Tensor targets) => nn.functional.cross_entropy(logits, targets);
}

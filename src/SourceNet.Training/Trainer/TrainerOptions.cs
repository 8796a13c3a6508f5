namespace SourceNet.Training;

/// <summary>How a model is trained. What regularizes it, the model declares itself.</summary>
public sealed record TrainerOptions
{
    /// <summary>Passes over the training data, at least 1.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>
    /// How many batches make one step of the optimizer, at least 1: their gradients are accumulated, so that a step follows the mean over all that counts in
    /// them, as one batch of all of them would. The last step of an epoch takes what is left. Batch norm sees each batch by itself.
    /// </summary>
    public int AccumulateBatches { get; init; } = 1;

    /// <summary>The optimizer's learning rate, above 0.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>How the learning rate changes over the training.</summary>
    public Schedule Schedule { get; init; } = Schedule.Constant;

    /// <summary>What is measured beside the loss, and stands for the model: by default what suits the objective; null for nothing.</summary>
    public IMetric? Metric { get; init; } = global::SourceNet.Training.Metric.Default;

    /// <summary>What else is measured, each under a name of its own. The default <see cref="Metric"/> is left out if one of these has its name.</summary>
    public IReadOnlyList<IMetric> Metrics { get; init; } = [];

    /// <summary>Averages, mixed batches and early stopping instead of those that the model declares; null for the model's own.</summary>
    public DeclaredTraining? Training { get; init; }

    /// <summary>What the early stopping that the model declares watches; null for the validation loss.</summary>
    public Monitored? Monitor { get; init; }

    /// <summary>
    /// By how much the validation loss must fall for the patience of early stopping to begin anew, at least 0, or what else <see cref="Monitor"/> says must
    /// get better. The best weights are those of the least loss all the same.
    /// </summary>
    public double LeastImprovement { get; init; }

    /// <summary>Who takes part in the training, after the techniques that the model declares. They are not disposed.</summary>
    public IReadOnlyList<ITrainingCallback> Callbacks { get; init; } = [];

    /// <summary>The file that the state of the training is saved to after an epoch; null for none. Its folder must exist.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>After how many epochs the state is saved, at least 1. It is always saved after the last one, and when the training is cancelled.</summary>
    public int CheckpointEvery { get; init; } = 1;

    /// <summary>After how many steps the state is saved too, at least 1; null for after epochs only.</summary>
    public int? CheckpointEverySteps { get; init; }

    /// <summary>
    /// How many of the newest checkpoints stay, each under the number of its step beside <see cref="Checkpoint"/>: <c>training.step-500.safetensors</c>. At
    /// least 0, for the one file alone.
    /// </summary>
    public int KeepCheckpoints { get; init; }

    /// <summary>
    /// Whether a training whose <see cref="Checkpoint"/> is there goes on from it. With the same data and options it ends as if it had never stopped; other
    /// options count from there on.
    /// </summary>
    public bool Resume { get; init; }

    /// <summary>Who is told what happens; null for nobody.</summary>
    public ITrainingProgress? Progress { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A number out of its range.</exception>
    /// <exception cref="ArgumentException">A resume without a file, or two callbacks of one name.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Epochs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(CheckpointEvery);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(CheckpointEverySteps ?? 1, nameof(CheckpointEverySteps));
        ArgumentOutOfRangeException.ThrowIfNegative(KeepCheckpoints);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(AccumulateBatches);
        ArgumentNullException.ThrowIfNull(Schedule);
        ArgumentNullException.ThrowIfNull(Metrics);
        ArgumentNullException.ThrowIfNull(Callbacks);
        if (!(LeastImprovement >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(LeastImprovement), LeastImprovement, "The least improvement must be at least 0.");
        }

        if (!(LearningRate > 0 && double.IsFinite(LearningRate)))
        {
            throw new ArgumentOutOfRangeException(nameof(LearningRate), LearningRate, "The learning rate must be above 0 and finite.");
        }

        if (Training?.EarlyStoppingPatience is < 1 and var patience)
        {
            throw new ArgumentOutOfRangeException(
                nameof(DeclaredTraining.EarlyStoppingPatience), patience, "The patience of early stopping must be at least 1 epoch.");
        }

        if (Checkpoint is null && (CheckpointEverySteps is not null || KeepCheckpoints > 0))
        {
            throw new ArgumentException("To save checkpoints, say into which file.", nameof(Checkpoint));
        }

        if (Resume && Checkpoint is null)
        {
            throw new ArgumentException("To resume a training, say from which checkpoint.", nameof(Checkpoint));
        }
    }

    /// <summary>The first metric and the others.</summary>
    internal IReadOnlyList<IMetric> AllMetrics => Metric is null ? Metrics : [Metric, .. Metrics];
}

namespace SourceNet.Training;

/// <summary>How a model is trained. What regularizes it, the model declares itself.</summary>
public sealed record TrainerOptions
{
    /// <summary>Passes over the training data, at least 1.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>The optimizer's learning rate, above 0.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>How the learning rate changes over the training.</summary>
    public Schedule Schedule { get; init; } = Schedule.Constant;

    /// <summary>What is measured beside the loss; null for nothing.</summary>
    public Metric? Metric { get; init; } = Metric.Accuracy;

    /// <summary>Averages, mixed batches and early stopping instead of those that the model declares; null for the model's own.</summary>
    public DeclaredTraining? Training { get; init; }

    /// <summary>By how much the validation loss must fall to count as better for early stopping, at least 0.</summary>
    public double LeastImprovement { get; init; }

    /// <summary>The file that the state of the training is saved to after an epoch; null for none. Its folder must exist.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>After how many epochs the state is saved, at least 1. It is always saved after the last one.</summary>
    public int CheckpointEvery { get; init; } = 1;

    /// <summary>Whether a training whose <see cref="Checkpoint"/> is there goes on from it. With the same data and options it ends as if it had never stopped; other options count from there on.</summary>
    public bool Resume { get; init; }

    /// <summary>Who is told what happens; null for nobody.</summary>
    public ITrainingProgress? Progress { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A number out of its range.</exception>
    /// <exception cref="ArgumentException">Averages or mixtures that exclude each other, or a resume without a file.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Epochs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(CheckpointEvery);
        ArgumentOutOfRangeException.ThrowIfNegative(LeastImprovement);
        ArgumentNullException.ThrowIfNull(Schedule);
        if (!(LearningRate > 0 && double.IsFinite(LearningRate)))
        {
            throw new ArgumentOutOfRangeException(nameof(LearningRate), LearningRate, "The learning rate must be above 0 and finite.");
        }

        if (Resume && Checkpoint is null)
        {
            throw new ArgumentException("To resume a training, say from which checkpoint.", nameof(Checkpoint));
        }
    }
}

namespace SourceNet.Training;

/// <summary>How good a model is after an epoch, measured in eval mode and without gradients.</summary>
/// <param name="Epoch">The number of the epoch, from 1.</param>
/// <param name="LearningRate">The learning rate of its last step, of the optimizer's first group.</param>
/// <param name="StepLoss">The mean of the losses that the steps minimized, in train mode: with dropout and mixed batches.</param>
/// <param name="TrainLoss">The loss on the data that the model learns from.</param>
/// <param name="TrainMetric">The first metric on the data that the model learns from; null without a metric, or where it is not defined.</param>
/// <param name="ValidationLoss">The loss on data that the model never learns from; null without such data.</param>
/// <param name="ValidationMetric">The first metric on data that the model never learns from; null without one, or where it is not defined.</param>
/// <param name="Seconds">How long the epoch and its measurements took.</param>
public sealed record EpochResult(
    int Epoch, double LearningRate, double StepLoss, double TrainLoss, double? TrainMetric, double? ValidationLoss, double? ValidationMetric, double Seconds)
{
    /// <summary>All metrics, the first one among them, each followed by its parts.</summary>
    public IReadOnlyList<MetricResult> Metrics { get; init => field = value ?? []; } = [];

    /// <summary>What callbacks logged in its steps (<see cref="TrainingRun.Log"/>), in the order in which they began to.</summary>
    public IReadOnlyList<LoggedResult> Logged { get; init => field = value ?? []; } = [];

    /// <summary>Whether all numbers are the same.</summary>
    public bool Equals(EpochResult? other) =>
        other is not null && Numbers == other.Numbers && Metrics.SequenceEqual(other.Metrics) && Logged.SequenceEqual(other.Logged);

    /// <inheritdoc/>
    public override int GetHashCode() => Numbers.GetHashCode();

    /// <summary>The metrics; of a result that has only the first one, as older files do, that one under its name.</summary>
    internal IReadOnlyList<MetricResult> MetricsOf(string? first) =>
        Metrics.Count == 0 && first is not null && (TrainMetric ?? ValidationMetric) is not null ? [new(first, TrainMetric, ValidationMetric)] : Metrics;

    private (int, double, double, double, double?, double?, double?, double) Numbers =>
        (Epoch, LearningRate, StepLoss, TrainLoss, TrainMetric, ValidationLoss, ValidationMetric, Seconds);
}

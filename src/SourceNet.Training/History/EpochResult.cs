namespace SourceNet.Training;

/// <summary>How good a model is after an epoch, measured in eval mode and without gradients.</summary>
/// <param name="Epoch">The number of the epoch, from 1.</param>
/// <param name="LearningRate">The learning rate of its last step, of the optimizer's first group.</param>
/// <param name="StepLoss">The mean of the losses that the steps minimized, in train mode: with dropout and mixed batches.</param>
/// <param name="TrainLoss">The loss on the data that the model learns from.</param>
/// <param name="TrainMetric">The metric on the data that the model learns from; null without a metric.</param>
/// <param name="ValidationLoss">The loss on data that the model never learns from; null without such data.</param>
/// <param name="ValidationMetric">The metric on data that the model never learns from; null without one.</param>
/// <param name="Seconds">How long the epoch and its measurements took.</param>
public sealed record EpochResult(
    int Epoch, double LearningRate, double StepLoss, double TrainLoss, double? TrainMetric, double? ValidationLoss, double? ValidationMetric, double Seconds);

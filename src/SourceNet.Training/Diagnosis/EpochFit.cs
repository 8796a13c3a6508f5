namespace SourceNet.Training;

/// <summary>How well a model fitted training and validation data after an epoch, both measured in eval mode.</summary>
/// <param name="TrainLoss">The loss on training data.</param>
/// <param name="ValidationLoss">The same loss on validation data.</param>
/// <param name="TrainMetric">A metric in [0, 1] of which more is better, such as accuracy; not-a-number if there is none.</param>
/// <param name="ValidationMetric">The same metric on validation data.</param>
public readonly record struct EpochFit(double TrainLoss, double ValidationLoss, double TrainMetric = double.NaN, double ValidationMetric = double.NaN)
{
    /// <summary>How much better the metric is on training data.</summary>
    public double Gap => TrainMetric - ValidationMetric;

    /// <summary>The validation loss over the training loss; not-a-number unless both are above 0.</summary>
    public double LossRatio => TrainLoss > 0 && ValidationLoss > 0 ? ValidationLoss / TrainLoss : double.NaN;
}

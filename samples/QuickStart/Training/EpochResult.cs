namespace QuickStart.Training;

/// <summary>How good a model is after an epoch.</summary>
/// <param name="Epoch">The number of the epoch, from 1.</param>
/// <param name="Loss">The mean of the loss that was minimized, over the epoch; label smoothing is part of it, so two models' losses do not compare.</param>
/// <param name="TrainAccuracy">The share of training images that the model gets right, in [0, 1], measured in eval mode after the epoch.</param>
/// <param name="TestAccuracy">The same for images that it has never seen.</param>
internal sealed record EpochResult(int Epoch, double Loss, double TrainAccuracy, double TestAccuracy)
{
    /// <summary>How much better the model is on the images that it learned from.</summary>
    public double Gap => Math.Round(TrainAccuracy - TestAccuracy, 9);
}

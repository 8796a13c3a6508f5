using SourceNet.Training;

namespace QuickStart.Report;

/// <summary>
/// The numbers of an epoch by their names in this experiment: what is measured is accuracy, in [0, 1], and what is never learned from are the test images.
/// </summary>
internal static class Accuracies
{
    extension(EpochResult result)
    {
        public double TrainAccuracy => result.TrainMetric!.Value;

        public double TestAccuracy => result.ValidationMetric!.Value;

        /// <summary>How much better the model is on the images that it learned from.</summary>
        public double Gap => Math.Round(result.TrainAccuracy - result.TestAccuracy, 9);
    }
}

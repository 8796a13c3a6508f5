using System.Text.Json;
using SourceNet.Training;

namespace QuickStart.Report;

/// <summary>All numbers of a run. Neither times nor paths: the same seed gives the same file, byte for byte.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The file's content.</summary>
    public static byte[] Utf8(TrainingHistory plain, TrainingHistory regularized, int trainImages, int testImages, ExperimentSettings settings) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                settings.Seed,
                settings.Epochs,
                ExperimentSettings.BatchSize,
                ExperimentSettings.LearningRate,
                TrainImages = trainImages,
                TestImages = testImages,
                Models = new[] { Describe(plain), Describe(regularized) },
            },
            s_options);

    private static object Describe(TrainingHistory history) => new
    {
        Name = history.Model,
        history.Final.TrainAccuracy,
        history.Final.TestAccuracy,
        history.Final.Gap,
        Curve = history.Epochs.Select(epoch => new { epoch.Epoch, Loss = epoch.StepLoss, epoch.TrainAccuracy, epoch.TestAccuracy, epoch.Gap }),
    };
}

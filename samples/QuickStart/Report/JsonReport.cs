using System.Text.Json;
using QuickStart.Data;
using QuickStart.Training;

namespace QuickStart.Report;

/// <summary>All numbers of a run. Neither times nor paths: the same seed gives the same file, byte for byte.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The file's content.</summary>
    public static byte[] Utf8(LearningCurve plain, LearningCurve regularized, FashionMnist data, ExperimentSettings settings) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                settings.Seed,
                settings.Epochs,
                ExperimentSettings.BatchSize,
                ExperimentSettings.LearningRate,
                TrainImages = data.Train.Count,
                TestImages = data.Test.Count,
                Models = new[] { Describe(plain), Describe(regularized) },
            },
            s_options);

    private static object Describe(LearningCurve curve) => new
    {
        Name = curve.Model,
        curve.Final.TrainAccuracy,
        curve.Final.TestAccuracy,
        curve.Final.Gap,
        Curve = curve.Epochs,
    };
}

using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SourceNet.Training;

/// <summary>What a training reached, epoch by epoch.</summary>
/// <param name="Model">The name of the model's class.</param>
/// <param name="Metric">The name of the metric; null without one.</param>
/// <param name="Epochs">One result an epoch.</param>
/// <param name="Final">The weights that the training ended with: the averaged ones where EMA or SWA is declared, the best ones after early stopping. Its epoch is the one that they come from.</param>
/// <param name="StoppedEarly">Whether early stopping ended it.</param>
public sealed record TrainingHistory(string Model, string? Metric, IReadOnlyList<EpochResult> Epochs, EpochResult Final, bool StoppedEarly)
{
    private const string Header = "epoch,learning_rate,step_loss,train_loss,train_metric,validation_loss,validation_metric,seconds";

    /// <summary>Writes a line for each epoch, with a header, numbers in the invariant culture and empty cells where nothing was measured. The file is replaced at once or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void WriteCsv(string path) => WholeFile.Write(path, Encoding.UTF8.GetBytes(Csv()));

    /// <summary>Writes everything as JSON. The file is replaced at once or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void WriteJson(string path) => WholeFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(this, TrainingJson.Default.TrainingHistory));

    private string Csv()
    {
        var text = new StringBuilder(Header).Append('\n');
        foreach (var epoch in Epochs)
        {
            object?[] cells = [epoch.Epoch, epoch.LearningRate, epoch.StepLoss, epoch.TrainLoss, epoch.TrainMetric, epoch.ValidationLoss, epoch.ValidationMetric, epoch.Seconds];
            text.AppendJoin(',', cells.Select(cell => Convert.ToString(cell, CultureInfo.InvariantCulture))).Append('\n');
        }

        return text.ToString();
    }
}

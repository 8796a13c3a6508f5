using System.Globalization;

namespace SourceNet.Training;

/// <summary>One line an epoch, for files, pipes and logs.</summary>
/// <param name="output">Where the lines go.</param>
public sealed class LineProgress(TextWriter output) : ITrainingProgress
{
    private string model = "";
    private int epochs;

    /// <inheritdoc/>
    public void Begin(string model, int epochs, int stepsPerEpoch, int epochsDone) => (this.model, this.epochs) = (model, epochs);

    /// <inheritdoc/>
    public void StepDone()
    {
    }

    /// <inheritdoc/>
    public void EpochDone(EpochResult result, string? metric)
    {
        var total = epochs.ToString(CultureInfo.InvariantCulture);
        output.WriteLine($"{model}  epoch {result.Epoch.ToString(CultureInfo.InvariantCulture).PadLeft(total.Length)}/{total}  {Numbers(result, metric)}");
    }

    /// <summary>The losses and metrics of an epoch in a line.</summary>
    internal static string Numbers(EpochResult result, string? metric)
    {
        var text = Pair("loss", result.TrainLoss, result.ValidationLoss);
        return metric is not null && result.TrainMetric is { } train ? $"{text}  {Pair(metric, train, result.ValidationMetric)}" : text;
    }

    private static string Pair(string name, double train, double? validation) => validation is { } unseen
        ? string.Create(CultureInfo.InvariantCulture, $"{name} {train:F4}, validation {unseen:F4}")
        : string.Create(CultureInfo.InvariantCulture, $"{name} {train:F4}");
}

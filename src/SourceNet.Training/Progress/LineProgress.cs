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
    internal static string Numbers(EpochResult result, string? metric) => string.Join(
        "  ",
        result.MetricsOf(metric)
            .Where(one => !one.IsPart && (one.Train ?? one.Validation) is not null)
            .Select(one => Pair(one.Name, one.Train, one.Validation))
            .Prepend(Pair("loss", result.TrainLoss, result.ValidationLoss))
            .Concat(result.Logged.Select(one => Pair(one.Name, one.Mean, null))));

    private static string Pair(string name, double? train, double? validation) => (train, validation) switch
    {
        ({ } seen, { } unseen) => string.Create(CultureInfo.InvariantCulture, $"{name} {seen:F4}, validation {unseen:F4}"),
        (null, { } unseen) => string.Create(CultureInfo.InvariantCulture, $"{name} -, validation {unseen:F4}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{name} {train:F4}"),
    };
}

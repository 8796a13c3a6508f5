using System.Text;
using System.Text.Json;

namespace SourceNet.Training;

/// <summary>What a training reached, epoch by epoch.</summary>
/// <param name="Model">The name of the model's class.</param>
/// <param name="Metric">The name of the first metric; null without one.</param>
/// <param name="Epochs">One result an epoch.</param>
/// <param name="Final">The weights that the training ended with: the averaged ones where EMA or SWA is declared, the best ones after early stopping. Its
/// epoch is the one that they come from.</param>
/// <param name="StoppedEarly">Whether early stopping ended it.</param>
public sealed record TrainingHistory(string Model, string? Metric, IReadOnlyList<EpochResult> Epochs, EpochResult Final, bool StoppedEarly)
{
    /// <summary>Reads what <see cref="WriteJson"/> wrote, of this version or an older one, which knew of one metric.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no history.</exception>
    public static TrainingHistory ReadJson(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            var read = JsonSerializer.Deserialize(File.ReadAllBytes(path), TrainingJson.Default.TrainingHistory);
            return read is { Model: not null, Epochs: not null, Final: not null }
                ? read with { Epochs = [.. read.Epochs.Select(epoch => Named(epoch, read.Metric))], Final = Named(read.Final, read.Metric) }
                : throw new InvalidDataException($"{path}: expected a history with a model, epochs and a final result, found none");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}: expected a history of a training, found: {error.Message}", error);
        }
    }

    /// <summary>
    /// Writes a line for each epoch, with a header, numbers in the invariant culture and empty cells where nothing was measured. The file is replaced at once
    /// or not at all.
    /// </summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void WriteCsv(string path) => WholeFile.Write(path, Encoding.UTF8.GetBytes(HistoryTable.Csv(Epochs, Metric)));

    /// <summary>Writes everything as JSON. The file is replaced at once or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void WriteJson(string path) => WholeFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(this, TrainingJson.Default.TrainingHistory));

    private static EpochResult Named(EpochResult epoch, string? metric) => epoch with { Metrics = epoch.MetricsOf(metric) };
}

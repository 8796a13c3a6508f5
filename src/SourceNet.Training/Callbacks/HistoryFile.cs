namespace SourceNet.Training;

/// <summary>
/// Writes the epochs so far after each one, so that they can be looked at while a training runs, and are there when it is killed. A resumed training has those
/// of before too.
/// </summary>
/// <remarks>
/// Give it after callbacks that put other weights in at the end, such as <see cref="BestWeights"/>: it writes the final result that those before it left.
/// </remarks>
/// <param name="file">A file that ends in <c>.csv</c>, or in <c>.json</c> for what <see cref="TrainingHistory.ReadJson"/> reads. Its folder must exist.</param>
/// <exception cref="ArgumentException">The file ends in something else.</exception>
public sealed class HistoryFile(string file) : ITrainingCallback
{
    private readonly bool isTable = Path.GetExtension(file).ToLowerInvariant() switch
    {
        ".csv" => true,
        ".json" => false,
        var other => throw new ArgumentException($"{file}: expected a file that ends in .csv or .json, found '{other}'.", nameof(file)),
    };

    /// <inheritdoc/>
    public void FitBegins(TrainingRun run) => WholeFile.CheckWritable(file);

    /// <inheritdoc/>
    public void Measured(TrainingRun run, EpochResult result) => Write(run, result);

    /// <inheritdoc/>
    public void FitEnds(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        Write(run, run.Final!);
    }

    private void Write(TrainingRun run, EpochResult final)
    {
        var metric = run.Metrics.Count > 0 ? run.Metrics[0].Name : null;
        var history = new TrainingHistory(run.Model.GetType().Name, metric, run.Results, final, run.IsStopping);
        if (isTable)
        {
            history.WriteCsv(file);
        }
        else
        {
            history.WriteJson(file);
        }
    }
}

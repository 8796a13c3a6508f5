using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>
/// Ends a training when the validation loss, or what else is watched, no longer improves, and gives the model the weights of the best epoch back.
/// </summary>
/// <remarks>
/// Patience and the best weights are two things: patience begins anew when the number gets better by more than <paramref name="leastImprovement"/> than the
/// last one that made it begin, and the best weights are those of the best number, however little it is better than another. An epoch in which the number is
/// not defined does not improve.
/// </remarks>
/// <param name="patience">For how many epochs without improvement training goes on, at least 1.</param>
/// <param name="leastImprovement">By how much the number must get better to count, at least 0.</param>
/// <param name="monitor">What is watched; null for the validation loss.</param>
public sealed class EarlyStopping(int patience, double leastImprovement = 0, Monitored? monitor = null) : ITrainingCallback, IDisposable
{
    private readonly int patience = patience >= 1
        ? patience
        : throw new ArgumentOutOfRangeException(nameof(patience), patience, "The patience must be at least 1 epoch.");
    private readonly double leastImprovement = leastImprovement >= 0
        ? leastImprovement
        : throw new ArgumentOutOfRangeException(nameof(leastImprovement), leastImprovement, "The least improvement must be at least 0.");

    private readonly BestState best = new();
    private Monitor watched;

    /// <inheritdoc/>
    public string Name => "early stopping";

    /// <inheritdoc/>
    public void FitBegins(TrainingRun run)
    {
        watched = (monitor ?? Monitored.ValidationLoss).In(run, "Early stopping");
        StopIfDone(run);
    }

    /// <inheritdoc/>
    public void Measured(TrainingRun run, EpochResult result)
    {
        best.Take(run, result, watched);
        StopIfDone(run);
    }

    /// <inheritdoc/>
    public void FitEnds(TrainingRun run) => best.PutBack(run, watched);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> Save() => best.Save();

    /// <inheritdoc/>
    public void Load(IReadOnlyDictionary<string, Tensor> state) => best.Load(state);

    /// <summary>Frees the best weights.</summary>
    public void Dispose() => best.Dispose();

    private void StopIfDone(TrainingRun run)
    {
        var (reference, since) = (watched.Worst, 0);
        foreach (var result in run.Results)
        {
            var number = watched.In(result);
            (reference, since) = watched.IsBetter(number, reference, leastImprovement) ? (number!.Value, 0) : (reference, since + 1);
        }

        if (since >= patience)
        {
            run.Stop();
        }
    }
}

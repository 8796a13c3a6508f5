using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>Ends a training when the validation loss no longer improves, and gives the model the weights of the best epoch back.</summary>
/// <remarks>
/// Patience and the best weights are two things: patience begins anew when the loss falls by <paramref name="leastImprovement"/> below the last loss that made
/// it begin, and the best weights are those of the
/// least loss, however little it is below another.
/// </remarks>
/// <param name="patience">For how many epochs without improvement training goes on, at least 1.</param>
/// <param name="leastImprovement">By how much the loss must fall to count, at least 0.</param>
public sealed class EarlyStopping(int patience, double leastImprovement = 0) : ITrainingCallback, IDisposable
{
    private readonly int patience = patience >= 1
        ? patience
        : throw new ArgumentOutOfRangeException(nameof(patience), patience, "The patience must be at least 1 epoch.");
    private readonly double leastImprovement = leastImprovement >= 0
        ? leastImprovement
        : throw new ArgumentOutOfRangeException(nameof(leastImprovement), leastImprovement, "The least improvement must be at least 0.");

    private Dictionary<string, Tensor>? best;

    /// <inheritdoc/>
    public string Name => "early stopping";

    /// <inheritdoc/>
    public void FitBegins(TrainingRun run)
    {
        if (run.Validation is null)
        {
            throw new ArgumentException("Early stopping watches the validation loss: give validation data, or leave it out.", "validation");
        }

        StopIfDone(run);
    }

    /// <inheritdoc/>
    public void Measured(TrainingRun run, EpochResult result)
    {
        if (ReferenceEquals(Best(run.Results), result))
        {
            State.Dispose(best);
            best = State.Clone(run.Model);
        }

        StopIfDone(run);
    }

    /// <inheritdoc/>
    public void FitEnds(TrainingRun run)
    {
        if (best is not null)
        {
            State.Copy(best, run.Model);
            run.Final = Best(run.Results);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> Save() => best ?? [];

    /// <inheritdoc/>
    public void Load(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        State.Dispose(best);
        best = state.Count == 0 ? null : state.ToDictionary(pair => pair.Key, pair => pair.Value.clone().DetachFromDisposeScope());
    }

    /// <summary>Frees the best weights.</summary>
    public void Dispose()
    {
        State.Dispose(best);
        best = null;
    }

    /// <summary>The first result with the least validation loss.</summary>
    private static EpochResult? Best(IReadOnlyList<EpochResult> results) =>
        results.Where(result => result.ValidationLoss is { } loss && !double.IsNaN(loss)).MinBy(result => result.ValidationLoss);

    private void StopIfDone(TrainingRun run)
    {
        var (reference, since) = (double.PositiveInfinity, 0);
        foreach (var result in run.Results)
        {
            var improves = result.ValidationLoss < reference - leastImprovement;
            (reference, since) = improves ? (result.ValidationLoss!.Value, 0) : (reference, since + 1);
        }

        if (since >= patience)
        {
            run.Stop();
        }
    }
}

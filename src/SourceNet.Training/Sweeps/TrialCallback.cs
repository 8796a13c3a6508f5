namespace SourceNet.Training;

/// <summary>Reports every epoch of a training to the sweep that its trial belongs to, and ends the training when the sweep's halving says so.</summary>
/// <remarks>
/// The training ends as it does by itself, after the epoch: <see cref="Trainer"/> returns its history, and the program writes its metrics. The sweep knows
/// that the trial was stopped.
/// </remarks>
/// <param name="trial">The trial.</param>
/// <param name="metrics">
/// The metrics of an epoch, by the names that the program writes at the end: at least the one that the sweep minimizes or maximizes.
/// </param>
/// <example><code>
/// Callbacks = [new TrialCallback(trial, epoch =&gt; new Dictionary&lt;string, double&gt; { ["test"] = epoch.ValidationMetric!.Value })]
/// </code></example>
public sealed class TrialCallback(Trial trial, Func<EpochResult, IReadOnlyDictionary<string, double>> metrics) : ITrainingCallback
{
    private readonly Trial trial = trial ?? throw new ArgumentNullException(nameof(trial));
    private readonly Func<EpochResult, IReadOnlyDictionary<string, double>> metrics = metrics ?? throw new ArgumentNullException(nameof(metrics));

    /// <inheritdoc/>
    public string Name => "trial of a sweep";

    /// <inheritdoc/>
    public void Measured(TrainingRun run, EpochResult result)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(result);
        if (!trial.Report(result.Epoch, metrics(result)))
        {
            run.Stop();
        }
    }
}

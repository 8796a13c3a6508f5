using SourceNet.Sweep.Grid;
using SourceNet.Training;

namespace SourceNet.Sweep.Trials;

/// <summary>What a trial has come to.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Metrics">What it measured; null if it has not.</param>
/// <param name="Report">What it reported on its way; null if it has not.</param>
internal sealed record TrialOutcome(PlannedTrial Trial, IReadOnlyDictionary<string, double>? Metrics, TrialReport? Report)
{
    public static TrialOutcome Of(SweepFile sweep, PlannedTrial trial)
    {
        var files = TrialFiles.Of(sweep, trial);
        return new(trial, files.Metrics(), files.Reported());
    }

    /// <summary>After which step the halving ended it; null if it did not, or if there is no result.</summary>
    public int? Stopped => Metrics is null ? null : Report?.Stopped;
}

using System.Diagnostics;
using SourceNet.Sweep.Grid;

namespace SourceNet.Sweep.Trials;

/// <summary>Runs all trials of a sweep that have no result yet, as many at once as fit.</summary>
/// <param name="sweep">The sweep.</param>
/// <param name="progress">Who is told.</param>
/// <param name="continues">Whether trials that were stopped are run to their end, too.</param>
internal sealed class Runner(SweepFile sweep, ISweepProgress progress, bool continues = false)
{
    private readonly Plan plan = new(sweep);

    /// <summary>How many trials fit beside each other.</summary>
    /// <param name="sweep">What each needs.</param>
    /// <param name="cores">Those that may be used.</param>
    /// <param name="memoryMiB">What may be used.</param>
    /// <exception cref="SweepException">Not even one.</exception>
    public static int Places(SweepFile sweep, int cores, long memoryMiB)
    {
        if (sweep.Cores > cores || sweep.MemoryMiB > memoryMiB)
        {
            throw new SweepException($"expected room for a trial of {sweep.Cores} cores{(sweep.MemoryMiB is { } needed ? $" and {needed} MiB" : "")}, found "
                + $"{cores} cores and {memoryMiB} MiB");
        }

        return (int)Math.Min(cores / sweep.Cores, sweep.MemoryMiB is { } memory ? memoryMiB / memory : int.MaxValue);
    }

    /// <summary>Runs them.</summary>
    /// <param name="numbers">Which.</param>
    /// <param name="places">How many at once.</param>
    /// <param name="cancellation">Ends all.</param>
    /// <returns>What went wrong with each trial that has no result after all retries.</returns>
    public async Task<IReadOnlyDictionary<PlannedTrial, string>> RunAsync(IReadOnlyList<int> numbers, int places, CancellationToken cancellation)
    {
        var open = numbers.Where(number => plan.Known(number) is not { } trial || !IsDone(TrialOutcome.Of(sweep, trial))).ToList();
        var failures = new Dictionary<PlannedTrial, string>();
        progress.Begin(numbers.Count, numbers.Count - open.Count);
        await Parallel.ForEachAsync(open, new ParallelOptions { MaxDegreeOfParallelism = places, CancellationToken = cancellation }, async (number, stop) =>
        {
            var trial = await plan.TakeAsync(number, stop);
            if (await AttemptAsync(trial, stop) is { } failure)
            {
                lock (failures)
                {
                    failures.Add(trial, failure);
                }
            }
        });
        return failures;
    }

    /// <summary>Runs one trial, again after a failure.</summary>
    public async Task<string?> AttemptAsync(PlannedTrial trial, CancellationToken cancellation)
    {
        var files = TrialFiles.New(sweep, trial);
        // Waits while another tool runs the trial.
        using var mine = await FileLock.TakeAsync(files.Lock, cancellation);
        if (TrialOutcome.Of(sweep, trial) is var before && IsDone(before))
        {
            progress.Ended(trial, TimeSpan.Zero, null, before.Stopped);
            return null;
        }

        var process = new TrialProcess(sweep, halves: before.Stopped is null);
        for (var attempt = 0; ; attempt++)
        {
            progress.Started(trial, attempt);
            var start = Stopwatch.GetTimestamp();
            var failure = await process.RunAsync(trial, cancellation);
            progress.Ended(trial, Stopwatch.GetElapsedTime(start), failure, failure is null ? files.Reported()?.Stopped : null);
            if (failure is null || attempt == sweep.Retries)
            {
                return failure;
            }
        }
    }

    private bool IsDone(TrialOutcome outcome) => outcome.Metrics is not null && !(continues && outcome.Stopped is not null);
}

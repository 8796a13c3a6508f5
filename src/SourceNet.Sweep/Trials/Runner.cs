using System.Diagnostics;
using SourceNet.Sweep.Grid;

namespace SourceNet.Sweep.Trials;

/// <summary>Runs all trials of a sweep that have no result yet, as many at once as fit.</summary>
internal sealed class Runner(SweepFile sweep, ISweepProgress progress)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(500);

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
    /// <returns>What went wrong with each trial that has no result after all retries.</returns>
    public async Task<IReadOnlyDictionary<PlannedTrial, string>> RunAsync(IReadOnlyList<PlannedTrial> trials, int places, CancellationToken cancellation)
    {
        var open = trials.Where(trial => TrialFiles.Of(sweep, trial).Metrics() is null).ToList();
        var failures = new Dictionary<PlannedTrial, string>();
        progress.Begin(trials.Count, trials.Count - open.Count);
        await Parallel.ForEachAsync(open, new ParallelOptions { MaxDegreeOfParallelism = places, CancellationToken = cancellation }, async (trial, stop) =>
        {
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
        using var mine = await TakeAsync(trial, cancellation);
        if (mine is null)
        {
            progress.Ended(trial, TimeSpan.Zero, null);
            return null;
        }

        var process = new TrialProcess(sweep);
        for (var attempt = 0; ; attempt++)
        {
            progress.Started(trial, attempt);
            var start = Stopwatch.GetTimestamp();
            var failure = await process.RunAsync(trial, cancellation);
            progress.Ended(trial, Stopwatch.GetElapsedTime(start), failure);
            if (failure is null || attempt == sweep.Retries)
            {
                return failure;
            }
        }
    }

    /// <summary>Waits while another tool runs the trial. Null if that one brings a result.</summary>
    private async Task<TrialLock?> TakeAsync(PlannedTrial trial, CancellationToken cancellation)
    {
        var files = TrialFiles.New(sweep, trial);
        while (true)
        {
            if (TrialLock.TryTake(files) is { } taken)
            {
                if (files.Metrics() is null)
                {
                    return taken;
                }

                taken.Dispose();
                return null;
            }

            await Task.Delay(s_look, cancellation);
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using SourceNet.Sweep.Grid;
using Spectre.Console;

namespace SourceNet.Sweep.Trials;

/// <summary>A table of the running trials that is drawn anew each second: for terminals.</summary>
internal sealed class LiveProgress(SweepFile sweep) : ISweepProgress
{
    private readonly Lock changing = new();
    private readonly Dictionary<PlannedTrial, (long Start, int Attempt)> running = [];
    private readonly IReadOnlyList<string> varied = sweep.Varied();
    private readonly long begin = Stopwatch.GetTimestamp();
    private int trials;
    private int before;
    private int done;
    private int failed;
    private int stopped;
    private string? lastFailure;

    /// <summary>Shows it while something runs.</summary>
    public static async Task<T> ShowAsync<T>(IAnsiConsole console, SweepFile sweep, Func<LiveProgress, Task<T>> run)
    {
        var progress = new LiveProgress(sweep);
        return await console.Live(progress.Table()).StartAsync(async context =>
        {
            var work = run(progress);
            while (await Task.WhenAny(work, Task.Delay(1000)) != work)
            {
                context.UpdateTarget(progress.Table());
            }

            context.UpdateTarget(progress.Table());
            return await work;
        });
    }

    public void Begin(int trials, int done)
    {
        lock (changing)
        {
            (this.trials, before, this.done) = (trials, done, done);
        }
    }

    public void Started(PlannedTrial trial, int attempt)
    {
        lock (changing)
        {
            running[trial] = (Stopwatch.GetTimestamp(), attempt);
        }
    }

    public void Ended(PlannedTrial trial, TimeSpan time, string? failure, int? stopped)
    {
        lock (changing)
        {
            running.Remove(trial);
            done += failure is null ? 1 : 0;
            failed += failure is null ? 0 : 1;
            this.stopped += stopped is null ? 0 : 1;
            lastFailure = failure is null ? lastFailure : $"{trial.TextWithSeed(varied)}: {failure}";
        }
    }

    private Table Table()
    {
        lock (changing)
        {
            var table = new Table().RoundedBorder().AddColumns("running", "seed", "attempt", "time");
            foreach (var (trial, (start, attempt)) in running.OrderBy(one => one.Value.Start))
            {
                table.AddRow(Markup.Escape(trial.Text(varied)), Number(trial.Seed), Number(attempt + 1), Clock(Stopwatch.GetElapsedTime(start)));
            }

            var passed = Stopwatch.GetElapsedTime(begin);
            var left = done > before ? $", about {Clock(passed / (done - before) * (trials - done))} left" : "";
            table.Caption(Markup.Escape(
                $"{done} of {trials} done{(stopped == 0 ? "" : $", {stopped} of them stopped")}, {failed} failures, "
                    + $"{Clock(passed)}{left}{(lastFailure is null ? "" : $"\nlast failure: {lastFailure}")}"));
            return table;
        }
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Clock(TimeSpan time) => time.ToString(time.TotalHours < 1 ? @"m\:ss" : @"h\:mm\:ss", CultureInfo.InvariantCulture);
}

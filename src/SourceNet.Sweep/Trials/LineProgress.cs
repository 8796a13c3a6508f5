using System.Globalization;
using SourceNet.Sweep.Grid;
using Spectre.Console;

namespace SourceNet.Sweep.Trials;

/// <summary>A line for every trial that ends: for logs.</summary>
internal sealed class LineProgress(SweepFile sweep, IAnsiConsole console) : ISweepProgress
{
    private readonly Lock writing = new();
    private readonly IReadOnlyList<string> varied = sweep.Varied();
    private int trials;
    private int done;

    public void Begin(int trials, int done)
    {
        (this.trials, this.done) = (trials, done);
        console.WriteLine($"{trials} {(trials == 1 ? "trial" : "trials")}, {done} of them done before");
    }

    public void Started(PlannedTrial trial, int attempt)
    {
    }

    public void Ended(PlannedTrial trial, TimeSpan time, string? failure, int? stopped)
    {
        lock (writing)
        {
            done += failure is null ? 1 : 0;
            var end = failure is not null
                ? $"  failed: {failure}"
                : stopped is { } step ? string.Create(CultureInfo.InvariantCulture, $"  stopped after step {step}") : "";
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done}/{trials}  {trial.TextWithSeed(varied)}  {time.TotalSeconds:F0} s{end}"));
        }
    }
}

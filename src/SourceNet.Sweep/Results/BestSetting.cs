using System.Text;
using System.Text.Json;
using SourceNet.Sweep.Clusters;
using SourceNet.Sweep.Grid;
using SourceNet.Sweep.Search;
using SourceNet.Sweep.Trials;
using SourceNet.Training;

namespace SourceNet.Sweep.Results;

/// <summary>The setting with the least or most of what the sweep minimizes or maximizes, among those that have run to their end.</summary>
/// <param name="Trial">Its first trial that is done.</param>
/// <param name="Value">The mean over the seeds that are done.</param>
internal sealed record BestSetting(PlannedTrial Trial, double Value)
{
    /// <summary>Finds it; null while there is none.</summary>
    public static BestSetting? Of(SweepFile sweep, IReadOnlyList<SettingResult> results) =>
        sweep.Objective is not null
        && results.Where(result => result.Standing is { IsNumber: true, Stopped: null }).ToList() is { Count: > 0 } done
        && Standing.BestFirst(done, result => result.Standing, sweep.Maximize is not null).First() is var best
            ? new(best.Outcomes.First(outcome => outcome is { Metrics: not null, Stopped: null }).Trial, best.Standing.Value!.Value)
            : null;

    /// <summary>
    /// Writes a file for the program, and how it is called with it, from the sweep's folder: a trial without a sweep, that nothing ends early and that leaves
    /// the results as they are.
    /// </summary>
    public string WriteCommandLine(SweepFile sweep)
    {
        var input = Path.Combine(sweep.Output, "best.in.json");
        Directory.CreateDirectory(Path.Combine(sweep.Folder, sweep.Output));
        WholeFile.Write(
            Path.Combine(sweep.Folder, input),
            JsonSerializer.SerializeToUtf8Bytes(new Trial(Trial.Seed, Trial.Parameters), SweepJson.Default.Trial));
        return string.Join(' ', sweep.Command.Append(input).Append(Path.Combine(sweep.Output, "best.out.json")).Select(ShellWord.Of));
    }
}

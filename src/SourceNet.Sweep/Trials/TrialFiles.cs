using System.Text.Json;
using SourceNet.Sweep.Grid;
using SourceNet.Training;

namespace SourceNet.Sweep.Trials;

/// <summary>Where a trial's files lie.</summary>
internal sealed record TrialFiles(string Input, string Output, string Log)
{
    public static TrialFiles Of(SweepFile sweep, PlannedTrial trial)
    {
        var start = Path.Combine(sweep.Folder, sweep.Output, "trials", trial.Key);
        return new($"{start}.in.json", $"{start}.out.json", $"{start}.log");
    }

    /// <summary>What the trial measured; null if it has not, or left something that is no result.</summary>
    public IReadOnlyDictionary<string, double>? Metrics()
    {
        try
        {
            return File.Exists(Output) && JsonSerializer.Deserialize(File.ReadAllBytes(Output), SweepJson.Default.TrialResult) is { Metrics.Count: > 0 } result ? result.Metrics : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes what the trial is asked to do.</summary>
    public void WriteInput(PlannedTrial trial)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Input)!);
        WholeFile.Write(Input, JsonSerializer.SerializeToUtf8Bytes(new Trial(trial.Seed, trial.Parameters), SweepJson.Default.Trial));
    }
}

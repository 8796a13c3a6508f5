using System.Text.Json;
using SourceNet.Sweep.Grid;
using SourceNet.Training;

namespace SourceNet.Sweep.Trials;

/// <summary>Where a trial's files lie.</summary>
internal sealed record TrialFiles(string Input, string Output, string Log)
{
    /// <summary>Who runs the trial holds it.</summary>
    public string Lock => $"{Log}.lock";

    public static TrialFiles Of(SweepFile sweep, PlannedTrial trial)
    {
        var own = Of(Path.Combine(Folder(sweep), trial.Key));
        return File.Exists(own.Output) || Earlier(sweep, trial) is not { } before ? own : before;
    }

    /// <summary>Where a trial's own files are written, whatever there was before.</summary>
    public static TrialFiles New(SweepFile sweep, PlannedTrial trial) => Of(Path.Combine(Folder(sweep), trial.Key));

    /// <summary>What the trial measured; null if it has not, or left something that is no result.</summary>
    public IReadOnlyDictionary<string, double>? Metrics() => TrialMetrics.Read(Output).Metrics;

    /// <summary>Writes what the trial is asked to do.</summary>
    public void WriteInput(PlannedTrial trial)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Input)!);
        WholeFile.Write(Input, JsonSerializer.SerializeToUtf8Bytes(new Trial(trial.Seed, trial.Parameters), SweepJson.Default.Trial));
    }

    private static string Folder(SweepFile sweep) => Path.Combine(sweep.Folder, sweep.Output, "trials");

    private static TrialFiles Of(string start) => new($"{start}.in.json", $"{start}.out.json", $"{start}.log");

    /// <summary>
    /// The result of the same trial from before a parameter was added to the file. Where the trial has the value that <c>parameters</c> gives to it, nothing
    /// but the name is new. The key, made of the command too,
    /// is that of the parameters of then.
    /// </summary>
    private static TrialFiles? Earlier(SweepFile sweep, PlannedTrial trial)
    {
        string[] unvaried = [.. trial.Parameters.Keys.Where(name => IsSame(trial.Parameters[name], sweep.Parameters[name]))];
        // One that was added anywhere, or several at the end of the list.
        var several = Enumerable.Range(2, Math.Max(0, unvaried.Length - 1)).Select(count => unvaried[^count..]);
        var additions = unvaried.Select(name => new[] { name }).Concat(several);
        return additions
            .Select(added => trial.Parameters.Where(parameter => !added.Contains(parameter.Key)).ToDictionary())
            .Select(parameters => PlannedTrial.Of(sweep.Command, trial.Grid, parameters, trial.Seed))
            .Select(before => Of(Path.Combine(Folder(sweep), before.Key)))
            .FirstOrDefault(files => File.Exists(files.Output));
    }

    private static bool IsSame(JsonElement one, JsonElement other) => PlannedTrial.Canonical(one) == PlannedTrial.Canonical(other);
}

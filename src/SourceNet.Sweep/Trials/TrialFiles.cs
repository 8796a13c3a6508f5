using System.Text.Json;
using SourceNet.Sweep.Grid;
using SourceNet.Training;

namespace SourceNet.Sweep.Trials;

/// <summary>Where a trial's files lie.</summary>
/// <param name="Start">How all of them begin.</param>
internal sealed record TrialFiles(string Start)
{
    /// <summary>What the trial is asked to do.</summary>
    public string Input => $"{Start}.in.json";

    /// <summary>What it measured.</summary>
    public string Output => $"{Start}.out.json";

    /// <summary>What it measured on its way.</summary>
    public string Report => $"{Start}{TrialReport.Ending}";

    /// <summary>What it printed.</summary>
    public string Log => $"{Start}.log";

    /// <summary>Who runs the trial holds it, so that another tool that runs the same sweep does not do it a second time.</summary>
    public string Lock => $"{Log}.lock";

    public static TrialFiles Of(SweepFile sweep, PlannedTrial trial)
    {
        var own = New(sweep, trial);
        return File.Exists(own.Output) || Earlier(sweep, trial) is not { } before ? own : before;
    }

    /// <summary>Where a trial's own files are written, whatever there was before.</summary>
    public static TrialFiles New(SweepFile sweep, PlannedTrial trial) => new(Path.Combine(Folder(sweep), trial.Key));

    /// <summary>What the trial measured; null if it has not, or left something that is no result.</summary>
    public IReadOnlyDictionary<string, double>? Metrics() => TrialMetrics.Read(Output).Metrics;

    /// <summary>What the trial reported on its way; null if it has not, or left something else.</summary>
    public TrialReport? Reported()
    {
        try
        {
            return TrialReport.Read(Report);
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            return null;
        }
    }

    /// <summary>Writes what the trial is asked to do.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="trial">The trial.</param>
    /// <param name="halves">Whether it may be ended early.</param>
    public void WriteInput(SweepFile sweep, PlannedTrial trial, bool halves)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Input)!);
        var asked = new Trial(trial.Seed, trial.Parameters)
        {
            Sweep = sweep.Id,
            ReportFile = Path.GetFileName(Report),
            Halving = halves ? sweep.HalvingOfTrials : null
        };
        WholeFile.Write(Input, JsonSerializer.SerializeToUtf8Bytes(asked, SweepJson.Default.Trial));
    }

    /// <summary>Takes back that the trial was stopped: it is run again, and its next report decides anew.</summary>
    public void ClearStop()
    {
        if (Reported() is { Stopped: not null } stopped)
        {
            (stopped with { Stopped = null }).Write(Report);
        }
    }

    private static string Folder(SweepFile sweep) => Path.Combine(sweep.Folder, sweep.Output, "trials");

    /// <summary>
    /// The result of the same trial from before a parameter was added to the file. Where the trial has the value that <c>parameters</c> gives to it, nothing
    /// but the name is new. The key, made of the command too,
    /// is that of the parameters of then.
    /// </summary>
    private static TrialFiles? Earlier(SweepFile sweep, PlannedTrial trial)
    {
        string[] unvaried = [.. trial.Parameters.Keys.Where(name => sweep.Parameters.TryGetValue(name, out var value)
            && IsSame(trial.Parameters[name], value))];
        // One that was added anywhere, or several at the end of the list.
        var several = Enumerable.Range(2, Math.Max(0, unvaried.Length - 1)).Select(count => unvaried[^count..]);
        var additions = unvaried.Select(name => new[] { name }).Concat(several);
        return additions
            .Select(added => trial.Parameters.Where(parameter => !added.Contains(parameter.Key)).ToDictionary())
            .Select(parameters => PlannedTrial.Of(sweep.Command, trial.Grid, parameters, trial.Seed))
            .Select(before => New(sweep, before))
            .FirstOrDefault(files => File.Exists(files.Output));
    }

    private static bool IsSame(JsonElement one, JsonElement other) => PlannedTrial.Canonical(one) == PlannedTrial.Canonical(other);
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using SourceNet.Sweep.Grid;
using SourceNet.Sweep.Trials;
using Spectre.Console;

namespace SourceNet.Sweep.Results;

/// <summary>The results as a table for people and one for programs.</summary>
internal static class ResultTable
{
    /// <summary>A row for each setting: means and standard deviations over the seeds, and where it was stopped.</summary>
    public static void Write(IAnsiConsole console, SweepFile sweep, IReadOnlyList<SettingResult> results)
    {
        var varied = sweep.Varied();
        var metrics = results.SelectMany(result => result.Values.Keys).Distinct(StringComparer.Ordinal).ToList();
        string[] stopped = sweep.Halving is null ? [] : ["stopped"];
        var table = new Table().RoundedBorder().AddColumns([.. varied.Concat(["seeds"]).Concat(stopped).Concat(metrics).Select(Markup.Escape)]);
        foreach (var column in table.Columns.Skip(varied.Count))
        {
            column.RightAligned();
        }

        foreach (var result in results)
        {
            table.AddRow(
            [
                .. varied.Select(name => Markup.Escape(PlannedTrial.Short(result.Setting.Parameters[name]))),
                result.Values.Values.Select(values => values.Length).DefaultIfEmpty(0).Max().ToString(CultureInfo.InvariantCulture),
                .. stopped.Select(_ => Stops(result.Outcomes)),
                .. metrics.Select(metric => Text(result, metric)),
            ]);
        }

        console.Write(table);
        if (sweep.Search is { } search)
        {
            var done = results.Count(result => result.Outcomes.Any(outcome => outcome.Metrics is not null));
            console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"search   {search.Method}, {done} of {search.Trials} settings{Halved(sweep, results)}"));
        }
        else if (sweep.Halving is not null)
        {
            console.WriteLine($"search   grid{Halved(sweep, results)}");
        }
    }

    /// <summary>A row for each trial that has a result, by RFC 4180.</summary>
    public static string Csv(SweepFile sweep, IReadOnlyList<TrialOutcome> outcomes)
    {
        var varied = sweep.Varied();
        var metrics = SettingResult.Metrics(outcomes);
        string[] stopped = sweep.Halving is null ? [] : ["stopped"];
        var text = new StringBuilder().AppendJoin(',', varied.Append("seed").Concat(stopped).Concat(metrics).Select(Quoted)).Append("\r\n");
        foreach (var outcome in outcomes)
        {
            if (outcome.Metrics is not { } values)
            {
                continue;
            }

            text.AppendJoin(
                ',',
                varied.Select(name => Quoted(Text(outcome.Trial.Parameters[name])))
                    .Append(outcome.Trial.Seed.ToString(CultureInfo.InvariantCulture))
                    .Concat(stopped.Select(_ => outcome.Stopped?.ToString(CultureInfo.InvariantCulture) ?? ""))
                    .Concat(metrics.Select(metric => values.TryGetValue(metric, out var value) ? value.ToString("R", CultureInfo.InvariantCulture) : "")))
                        .Append("\r\n");
        }

        return text.ToString();
    }

    private static string Halved(SweepFile sweep, IReadOnlyList<SettingResult> results)
    {
        var trials = results.SelectMany(result => result.Outcomes).ToList();
        return sweep.Halving is null
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture,
                $", {trials.Count(trial => trial.Stopped is not null)} of {trials.Count(trial => trial.Metrics is not null)} trials stopped");
    }

    private static string Stops(IEnumerable<TrialOutcome> outcomes) =>
        string.Join(", ", outcomes.Select(outcome => outcome.Stopped).OfType<int>().Select(step => string.Create(CultureInfo.InvariantCulture, $"at {step}")));

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : PlannedTrial.Canonical(value);

    private static string Text(SettingResult result, string metric)
    {
        if (result.Values[metric].Length == 0)
        {
            return "";
        }

        var (mean, deviation) = result.Statistics(metric);
        if (!double.IsFinite(mean) || deviation == 0)
        {
            return mean.ToString("G4", CultureInfo.InvariantCulture);
        }

        // Two digits of the deviation, and as many of the mean as these say something about.
        var digits = "F" + Math.Clamp(1 - (int)Math.Floor(Math.Log10(deviation)), 0, 9).ToString(CultureInfo.InvariantCulture);
        return $"{mean.ToString(digits, CultureInfo.InvariantCulture)} ± {deviation.ToString(digits, CultureInfo.InvariantCulture)}";
    }

    private static string Quoted(string text) => text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using SourceNet.Sweep.Grid;
using Spectre.Console;

namespace SourceNet.Sweep.Results;

/// <summary>The results as a table for people and one for programs.</summary>
internal static class ResultTable
{
    /// <summary>A row for each setting: means and standard deviations over the seeds.</summary>
    public static void Write(IAnsiConsole console, SweepFile sweep, IReadOnlyList<SettingResult> results)
    {
        var varied = sweep.Varied();
        var metrics = results.SelectMany(result => result.Values.Keys).Distinct(StringComparer.Ordinal).ToList();
        var table = new Table().RoundedBorder().AddColumns([.. varied.Concat(["seeds"]).Concat(metrics).Select(Markup.Escape)]);
        foreach (var column in table.Columns.Skip(varied.Count))
        {
            column.RightAligned();
        }

        foreach (var result in results)
        {
            table.AddRow(
            [
                .. varied.Select(name => Markup.Escape(Text(result.Setting.Parameters[name]))),
                result.Values.Values.Select(values => values.Length).DefaultIfEmpty(0).Max().ToString(CultureInfo.InvariantCulture),
                .. metrics.Select(metric => Text(result, metric)),
            ]);
        }

        console.Write(table);
    }

    /// <summary>A row for each trial, by RFC 4180.</summary>
    public static string Csv(SweepFile sweep)
    {
        var varied = sweep.Varied();
        var trials = SettingResult.Trials(sweep);
        var metrics = SettingResult.Metrics(trials);
        var text = new StringBuilder().AppendJoin(',', varied.Append("seed").Concat(metrics).Select(Quoted)).Append("\r\n");
        foreach (var (trial, values) in trials)
        {
            text.AppendJoin(
                ',',
                varied.Select(name => Quoted(Text(trial.Parameters[name])))
                    .Append(trial.Seed.ToString(CultureInfo.InvariantCulture))
                    .Concat(metrics.Select(metric => values.TryGetValue(metric, out var value) ? value.ToString("R", CultureInfo.InvariantCulture) : ""))).Append("\r\n");
        }

        return text.ToString();
    }

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

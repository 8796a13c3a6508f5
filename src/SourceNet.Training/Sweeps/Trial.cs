using System.Text.Json;
using System.Text.Json.Serialization;

namespace SourceNet.Training;

/// <summary>
/// One run of a sweep, as the program that makes it sees it: <c>program IN.json OUT.json</c> reads its numbers from the one file and writes what it measured
/// into the other.
/// </summary>
/// <param name="Seed">Where its random numbers start.</param>
/// <param name="Parameters">The values of the grid's parameters: numbers, texts, true or false.</param>
public sealed record Trial(long Seed, IReadOnlyDictionary<string, JsonElement> Parameters)
{
    /// <summary>The sweep that it belongs to; null for none.</summary>
    public string? Sweep { get; init; }

    /// <summary>The file for what is reported on the way, from the folder of the trial's own; null for none.</summary>
    [JsonPropertyName("report")]
    public string? ReportFile { get; init; }

    /// <summary>When it ends early; null for never.</summary>
    public Halving? Halving { get; init; }

    /// <summary>Whether the last report ended it.</summary>
    [JsonIgnore]
    public bool IsStopped { get; private set; }

    /// <summary>Reads what a trial is asked to do.</summary>
    /// <param name="file">A path, mostly the first argument of the program.</param>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    /// <exception cref="InvalidDataException">It is not the description of a trial.</exception>
    public static Trial Read(string file)
    {
        try
        {
            var trial = JsonSerializer.Deserialize(File.ReadAllBytes(file), SweepJson.Default.Trial) is { Parameters: not null } read
                ? read
                : throw new InvalidDataException($"{file}: expected a seed and parameters, found: null");
            if (trial.Halving is { } halving && (halving.Metric is null ? "expected the metric of the halving, found none" : halving.Mistake) is { } mistake)
            {
                throw new InvalidDataException($"{file}: {mistake}");
            }

            // From the trial's own folder: a volume may be mounted elsewhere on another node.
            var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
            return trial with { ReportFile = trial.ReportFile is { } report ? Path.Combine(folder, report) : null };
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{file}: expected a seed and parameters, found: {error.Message}", error);
        }
    }

    /// <summary>Writes what a trial measured. The file appears whole or not at all.</summary>
    /// <param name="file">A path, mostly the second argument of the program.</param>
    /// <param name="metrics">Numbers by name, the same names in every trial; at least one.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string file, IReadOnlyDictionary<string, double> metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        WholeFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(new TrialResult(metrics), SweepJson.Default.TrialResult));
    }

    /// <summary>
    /// Reports what the trial has measured so far, and asks whether it shall go on. With <see cref="Halving"/> it decides by the reports of the sweep's other
    /// trials that lie in the same folder. A trial that runs outside of a sweep always goes on.
    /// </summary>
    /// <param name="step">
    /// How far it is, at least 1: mostly the epoch. A step that was reported before is replaced, with all after it: the trial was run again.
    /// </param>
    /// <param name="metrics">Numbers by name, among them the one that decides. NaN is the worst.</param>
    /// <returns>False if it shall end now and write its metrics, as a trial that is done does.</returns>
    /// <exception cref="ArgumentException">The metric that decides is not among them.</exception>
    /// <exception cref="InvalidDataException">The file of reports is something else.</exception>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public bool Report(int step, IReadOnlyDictionary<string, double> metrics)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(step);
        ArgumentNullException.ThrowIfNull(metrics);
        if (Halving is { } decides && !metrics.ContainsKey(decides.Metric))
        {
            throw new ArgumentException($"Expected the metric '{decides.Metric}', by which the sweep ends trials, in the report of step {step}, found "
                + $"{(metrics.Count == 0 ? "none" : string.Join(", ", metrics.Keys))}.", nameof(metrics));
        }

        if (ReportFile is not { } file)
        {
            return true;
        }

        ReportedStep[] before = [.. TrialReport.Read(file)?.Steps.Where(earlier => earlier.Step < step) ?? []];
        var report = new TrialReport(Sweep, [.. before, new(step, metrics)]);
        // First written, so that of two trials at one rung at least one sees the other.
        report.Write(file);
        IsStopped = Halving is { } halving && EndsAt(halving, report, before.Length == 0 ? 0 : before[^1].Step, Path.GetDirectoryName(file)!);
        if (IsStopped)
        {
            (report with { Stopped = step }).Write(file);
        }

        return !IsStopped;
    }

    /// <summary>A parameter that is a number.</summary>
    /// <exception cref="InvalidDataException">There is none of this name, or it is something else.</exception>
    public double Number(string name) =>
        Parameter(name, "a number") is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : throw Wrong(name, "a number");

    /// <summary>A parameter that is a whole number.</summary>
    /// <inheritdoc cref="Number"/>
    public int Integer(string name) => Parameter(name, "a whole number") is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number)
        ? number
        : throw Wrong(name, "a whole number");

    /// <summary>A parameter that is a text.</summary>
    /// <inheritdoc cref="Number"/>
    public string Text(string name) =>
        Parameter(name, "a text") is { ValueKind: JsonValueKind.String } value ? value.GetString()! : throw Wrong(name, "a text");

    /// <summary>A parameter that is true or false.</summary>
    /// <inheritdoc cref="Number"/>
    public bool Flag(string name) => Parameter(name, "true or false") is { ValueKind: JsonValueKind.True or JsonValueKind.False } value
        ? value.GetBoolean()
        : throw Wrong(name, "true or false");

    /// <summary>Whether it is not good enough for one of the rungs that its last report has reached.</summary>
    private static bool EndsAt(Halving halving, TrialReport report, int before, string folder)
    {
        var step = report.Steps[^1].Step;
        if (step >= halving.Most || halving.Rungs().Where(rung => rung > before && rung <= step).ToList() is not { Count: > 0 } reached)
        {
            return false;
        }

        var all = TrialReport.All(folder, report.Sweep).ToList();
        return reached.Any(rung =>
            !halving.GoesOn(report.At(rung, halving.Metric)!.Value, all.Select(other => other.At(rung, halving.Metric)).OfType<double>()));
    }

    private JsonElement Parameter(string name, string expected) => Parameters.TryGetValue(name, out var value)
        ? value
        : throw new InvalidDataException(
            $"The trial has no parameter '{name}', {expected}; it has {(Parameters.Count == 0 ? "none" : string.Join(", ", Parameters.Keys))}.");

    private InvalidDataException Wrong(string name, string expected) =>
        new($"Expected {expected} for the parameter '{name}' of the trial, found {Parameters[name].GetRawText()}.");
}

/// <summary>What a trial writes.</summary>
internal sealed record TrialResult(IReadOnlyDictionary<string, double> Metrics);

/// <summary>Trials and their results as JSON, without reflection.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Trial))]
[JsonSerializable(typeof(TrialReport))]
[JsonSerializable(typeof(TrialResult))]
internal sealed partial class SweepJson : JsonSerializerContext;

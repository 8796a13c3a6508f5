using System.Text.Json;
using System.Text.Json.Serialization;

namespace SourceNet.Training;

/// <summary>One run of a sweep, as the program that makes it sees it: <c>program IN.json OUT.json</c> reads its numbers from the one file and writes what it measured into the other.</summary>
/// <param name="Seed">Where its random numbers start.</param>
/// <param name="Parameters">The values of the grid's parameters: numbers, texts, true or false.</param>
public sealed record Trial(long Seed, IReadOnlyDictionary<string, JsonElement> Parameters)
{
    /// <summary>Reads what a trial is asked to do.</summary>
    /// <param name="file">A path, mostly the first argument of the program.</param>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    /// <exception cref="InvalidDataException">It is not the description of a trial.</exception>
    public static Trial Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), SweepJson.Default.Trial) is { Parameters: not null } trial
                ? trial
                : throw new InvalidDataException($"{file}: expected a seed and parameters, found: null");
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

    /// <summary>A parameter that is a number.</summary>
    /// <exception cref="InvalidDataException">There is none of this name, or it is something else.</exception>
    public double Number(string name) => Parameter(name, "a number") is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : throw Wrong(name, "a number");

    /// <summary>A parameter that is a whole number.</summary>
    /// <inheritdoc cref="Number"/>
    public int Integer(string name) => Parameter(name, "a whole number") is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) ? number : throw Wrong(name, "a whole number");

    /// <summary>A parameter that is a text.</summary>
    /// <inheritdoc cref="Number"/>
    public string Text(string name) => Parameter(name, "a text") is { ValueKind: JsonValueKind.String } value ? value.GetString()! : throw Wrong(name, "a text");

    /// <summary>A parameter that is true or false.</summary>
    /// <inheritdoc cref="Number"/>
    public bool Flag(string name) => Parameter(name, "true or false") is { ValueKind: JsonValueKind.True or JsonValueKind.False } value ? value.GetBoolean() : throw Wrong(name, "true or false");

    private JsonElement Parameter(string name, string expected) => Parameters.TryGetValue(name, out var value)
        ? value
        : throw new InvalidDataException($"The trial has no parameter '{name}', {expected}; it has {(Parameters.Count == 0 ? "none" : string.Join(", ", Parameters.Keys))}.");

    private InvalidDataException Wrong(string name, string expected) => new($"Expected {expected} for the parameter '{name}' of the trial, found {Parameters[name].GetRawText()}.");
}

/// <summary>What a trial writes.</summary>
internal sealed record TrialResult(IReadOnlyDictionary<string, double> Metrics);

/// <summary>Trials and their results as JSON, without reflection.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(Trial))]
[JsonSerializable(typeof(TrialResult))]
internal sealed partial class SweepJson : JsonSerializerContext;

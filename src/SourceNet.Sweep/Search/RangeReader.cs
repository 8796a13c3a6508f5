using System.Text.Json;
using SourceNet.Sweep.Grid;

namespace SourceNet.Sweep.Search;

/// <summary>Reads what a sweep file says of a parameter that is searched.</summary>
internal static class RangeReader
{
    private const string Forms =
        "a list of values, { \"uniform\": [low, high] }, { \"log-uniform\": [low, high] }, { \"int\": [low, high] } or { \"quantized\": [low, high, step] }";

    /// <summary>Reads it.</summary>
    /// <exception cref="SweepException">It says something that cannot be.</exception>
    public static SearchRange Read(string name, JsonElement range)
    {
        if (range.ValueKind == JsonValueKind.Array)
        {
            List<JsonElement> values = [.. range.EnumerateArray().DistinctBy(PlannedTrial.Canonical)];
            return values.Count > 0 && values.TrueForAll(PlannedTrial.IsValue)
                ? new ChoiceRange(values)
                : throw Wrong(name, range, "numbers, texts, true or false");
        }

        if (range.ValueKind != JsonValueKind.Object || range.EnumerateObject().ToList() is not [var form])
        {
            throw Wrong(name, range, Forms);
        }

        return form.Name switch
        {
            "uniform" => Doubles(name, range, form.Value) is var (low, high) ? new UniformRange(low, high) : throw Wrong(name, range, Between("numbers")),
            "log-uniform" => Doubles(name, range, form.Value) is ( > 0 and var low, var high)
                ? new LogUniformRange(low, high)
                : throw Wrong(name, range, "two numbers above 0, the second above the first"),
            "int" =>
                Decimals(form.Value) is [var low, var high] && decimal.IsInteger(low) && decimal.IsInteger(high) && low < high && high - low <= int.MaxValue
                ? new SteppedRange(low, 1, (long)(high - low))
                : throw Wrong(name, range, Between("whole numbers")),
            "quantized" =>
                Decimals(form.Value) is [var low, var high, > 0 and var step] && low < high && (high - low) % step == 0 && (high - low) / step <= int.MaxValue
                ? new SteppedRange(low, step, (long)((high - low) / step))
                : throw Wrong(name, range, "[low, high, step] with a step above 0 that leads from the first to the second, which is above it"),
            _ => throw Wrong(name, range, Forms),
        };
    }

    private static string Between(string numbers) => $"two {numbers}, the second above the first";

    private static (double Low, double High) Doubles(string name, JsonElement range, JsonElement ends) =>
        ends.ValueKind == JsonValueKind.Array
            && ends.EnumerateArray().ToList() is [{ ValueKind: JsonValueKind.Number } first, { ValueKind: JsonValueKind.Number } second]
            && (first.GetDouble(), second.GetDouble()) is var (low, high) && low < high && double.IsFinite(high - low)
                ? (low, high)
                : throw Wrong(name, range, Between("numbers"));

    private static List<decimal>? Decimals(JsonElement ends)
    {
        if (ends.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var numbers = new List<decimal>();
        foreach (var end in ends.EnumerateArray())
        {
            // The others are too large to be counted exactly.
            if (end.ValueKind != JsonValueKind.Number || !end.TryGetDecimal(out var number) || Math.Abs(number) > 1e15m)
            {
                return null;
            }

            numbers.Add(number);
        }

        return numbers;
    }

    private static SweepException Wrong(string name, JsonElement range, string expected) =>
        new($"search, \"{name}\": expected {expected}, found {range.GetRawText()}");
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SourceNet.Sweep.Grid;

/// <summary>A setting and a seed.</summary>
/// <param name="Key">
/// What its files are called: made of the command, the setting and the seed alone, so that a grid may grow and what is done stays done, and what another
/// command found is not taken for it.
/// </param>
/// <param name="Grid">The first grid that it belongs to.</param>
/// <param name="Parameters">The value of every parameter.</param>
/// <param name="Seed">Where its random numbers start.</param>
internal sealed record PlannedTrial(string Key, int Grid, IReadOnlyDictionary<string, JsonElement> Parameters, long Seed)
{
    public static PlannedTrial Of(IEnumerable<string> command, int grid, IReadOnlyDictionary<string, JsonElement> parameters, long seed)
    {
        var text = string.Join(
            '\n',
            parameters.OrderBy(parameter => parameter.Key, StringComparer.Ordinal).Select(parameter => $"{parameter.Key}={Canonical(parameter.Value)}"));
        return new(KeyOf(string.Create(CultureInfo.InvariantCulture, $"{string.Join('\0', command)}\n{text}\nseed={seed}")), grid, parameters, seed);
    }

    /// <summary>Twelve digits that stand for a text.</summary>
    public static string KeyOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 6));

    /// <summary>Some of the parameters as people read them: <c>dropout 0.3, decay 0.001</c>.</summary>
    public string Text(IEnumerable<string> names) => string.Join(", ", names.Select(name => Parameters[name].ValueKind switch
    {
        JsonValueKind.True => name,
        JsonValueKind.False => $"no {name}",
        JsonValueKind.String => Parameters[name].GetString(),
        _ => $"{name} {Short(Parameters[name])}",
    }));

    /// <summary>The same with the seed: <c>dropout 0.3, decay 0.001, seed 1</c>.</summary>
    public string TextWithSeed(IReadOnlyList<string> names) =>
        (names.Count == 0 ? "" : $"{Text(names)}, ") + string.Create(CultureInfo.InvariantCulture, $"seed {Seed}");

    /// <summary>A value for people: a number that was drawn has more digits than anybody reads.</summary>
    public static string Short(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number when value.GetRawText().Length > 8 => value.GetDouble().ToString("G4", CultureInfo.InvariantCulture),
        _ => value.GetRawText(),
    };

    /// <summary>Whether a parameter may have it: a number, a text, true or false.</summary>
    public static bool IsValue(JsonElement value) =>
        value.ValueKind is JsonValueKind.Number or JsonValueKind.String or JsonValueKind.True or JsonValueKind.False;

    /// <summary>0.1 and 1e-1 are one number.</summary>
    internal static string Canonical(JsonElement value) => value.ValueKind == JsonValueKind.Number
        ? value.GetDouble().ToString("R", CultureInfo.InvariantCulture)
        : value.GetRawText();
}

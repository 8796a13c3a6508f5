using System.Text;
using System.Text.Json;
using SourceNet.Sweep.Grid;
using SourceNet.Training;

namespace SourceNet.Sweep.Trials;

/// <summary>
/// Reads what a trial measured: <c>{ "metrics": { "name": number } }</c>. Numbers that are not finite may be written as texts, as JSON asks for, or bare, as
/// Python does.
/// </summary>
internal static class TrialMetrics
{
    private static readonly string[] s_bare = ["-Infinity", "Infinity", "NaN"];

    /// <returns>The metrics, or what is wrong with them.</returns>
    public static (IReadOnlyDictionary<string, double>? Metrics, string? Problem) Read(string file)
    {
        try
        {
            var json = Quoted(File.ReadAllBytes(file));
            if (UniqueNames.Repeated(json) is { } repeated)
            {
                return (null, $"\"{repeated}\" twice");
            }

            return JsonSerializer.Deserialize(json, SweepJson.Default.TrialResult) is { Metrics.Count: > 0 } result ? (result.Metrics, null) : (null, "none");
        }
        catch (FileNotFoundException)
        {
            return (null, "none");
        }
        catch (JsonException error)
        {
            return (null, $"something else: {error.Message}");
        }
        catch (IOException error)
        {
            return (null, $"a file that cannot be read: {error.Message}");
        }
    }

    /// <summary>The same JSON with bare numbers that JSON does not have as texts.</summary>
    private static byte[] Quoted(byte[] json)
    {
        var text = Encoding.UTF8.GetString(json);
        var result = new StringBuilder(text.Length);
        var isText = false;
        for (var place = 0; place < text.Length; place++)
        {
            if (!isText && Array.Find(s_bare, bare => string.CompareOrdinal(text, place, bare, 0, bare.Length) == 0) is { } found)
            {
                result.Append('"').Append(found).Append('"');
                place += found.Length - 1;
                continue;
            }

            result.Append(text[place]);
            if (isText && text[place] == '\\' && place + 1 < text.Length)
            {
                result.Append(text[++place]);
            }
            else if (text[place] == '"')
            {
                isText = !isText;
            }
        }

        return Encoding.UTF8.GetBytes(result.ToString());
    }
}

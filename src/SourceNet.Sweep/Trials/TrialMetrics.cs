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
    /// <returns>The metrics, or what is wrong with them.</returns>
    public static (IReadOnlyDictionary<string, double>? Metrics, string? Problem) Read(string file)
    {
        try
        {
            var json = BareNumbers.Quoted(File.ReadAllBytes(file));
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
}

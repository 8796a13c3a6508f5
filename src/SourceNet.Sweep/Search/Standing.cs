using System.Text.Json;
using SourceNet.Sweep.Trials;

namespace SourceNet.Sweep.Search;

/// <summary>How good a setting is so far.</summary>
/// <param name="Value">
/// The mean of what the sweep minimizes or maximizes over the seeds that are done, or over those that were stopped last if none is done; null for none.
/// </param>
/// <param name="Stopped">After which step these were stopped; null if they are done.</param>
internal readonly record struct Standing(double? Value, int? Stopped)
{
    /// <summary>The standing of a setting.</summary>
    /// <param name="metric">What the sweep minimizes or maximizes.</param>
    /// <param name="seeds">Its trials.</param>
    public static Standing Of(string metric, IEnumerable<TrialOutcome> seeds)
    {
        var measured = seeds.Where(seed => seed.Metrics?.ContainsKey(metric) == true).ToList();
        int? stopped = measured.Exists(seed => seed.Stopped is null) ? null : measured.Max(seed => seed.Stopped);
        return measured.Count == 0 ? default : new(measured.Where(seed => seed.Stopped == stopped).Average(seed => seed.Metrics![metric]), stopped);
    }

    /// <summary>Whether it can be compared.</summary>
    public bool IsNumber => Value is { } value && !double.IsNaN(value);

    /// <summary>
    /// Sorts the best first: what is done, then what was stopped, the later the better, and last what has no value: it failed, or diverged to NaN, or runs.
    /// </summary>
    public static IEnumerable<T> BestFirst<T>(IEnumerable<T> items, Func<T, Standing> standing, bool maximize) => items
        .OrderBy(item => standing(item).IsNumber ? 0 : 1)
        .ThenByDescending(item => standing(item).Stopped ?? int.MaxValue)
        .ThenBy(item => standing(item) is { IsNumber: true, Value: { } value } ? (maximize ? -value : value) : 0);
}

/// <summary>A setting that was tried, or is being tried.</summary>
internal sealed record Observation(IReadOnlyDictionary<string, JsonElement> Setting, Standing Standing);

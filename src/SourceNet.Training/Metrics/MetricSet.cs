namespace SourceNet.Training;

/// <summary>What is measured beside the loss, each under a name of its own, the one that stands for the model first.</summary>
internal sealed class MetricSet
{
    private MetricSet(IReadOnlyList<IMetric> metrics) => Metrics = metrics;

    internal IReadOnlyList<IMetric> Metrics { get; }

    /// <summary>The name of the first one; null without one.</summary>
    internal string? First => Metrics.Count > 0 ? Metrics[0].Name : null;

    /// <summary>The metrics themselves; the default one by the objective of the first batch, unless one that is given has its name.</summary>
    /// <exception cref="ArgumentException">Two have one name, or one has none.</exception>
    internal static MetricSet Resolve(IReadOnlyList<IMetric> metrics, MeasuredBatch first)
    {
        var given = metrics.Where(metric => metric is not DefaultMetric).Select(metric => metric.Name).ToHashSet(StringComparer.Ordinal);
        List<IMetric> found = [];
        foreach (var metric in metrics)
        {
            if (DefaultMetric.Resolve(metric, first) is { } resolved && (resolved == metric || !given.Contains(resolved.Name)))
            {
                found.Add(resolved);
            }
        }

        if (found.Find(metric => string.IsNullOrWhiteSpace(metric.Name)) is { } nameless)
        {
            throw new ArgumentException($"{nameless.GetType().Name} has no name: a metric needs one in histories.");
        }

        return found.GroupBy(metric => metric.Name, StringComparer.Ordinal).FirstOrDefault(named => named.Count() > 1) is { } alike
            ? throw new ArgumentException($"Expected metrics of different names, found {alike.Count()} that are called '{alike.Key}'.")
            : new(found);
    }
}

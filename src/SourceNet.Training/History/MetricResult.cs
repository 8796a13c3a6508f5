namespace SourceNet.Training;

/// <summary>A metric after an epoch.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Train">On the data that the model learns from; null where it is not defined.</param>
/// <param name="Validation">On data that the model never learns from; null without such data, or where it is not defined.</param>
/// <param name="IsPart">Whether it is of a part of the data, such as a class.</param>
public sealed record MetricResult(string Name, double? Train, double? Validation, bool IsPart = false)
{
    /// <summary>The metrics of two measurements, each followed by its parts. What only one of them has is not defined on the other.</summary>
    internal static IReadOnlyList<MetricResult> Of(Measurement train, Measurement? validation)
    {
        List<MetricResult> results = [];
        foreach (var metric in train.Metrics)
        {
            var unseen = validation?.Metrics.First(one => one.Name == metric.Name).All.ToDictionary(part => part.Name, part => part.Value);
            results.AddRange(metric.All.Select((part, place) => new MetricResult(part.Name, part.Value, unseen?.GetValueOrDefault(part.Name), place > 0)));
        }

        return results;
    }
}

/// <summary>What a callback logged in the steps of an epoch.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Mean">The mean over the steps that logged it.</param>
/// <param name="Largest">The largest of them.</param>
public sealed record LoggedResult(string Name, double Mean, double Largest);

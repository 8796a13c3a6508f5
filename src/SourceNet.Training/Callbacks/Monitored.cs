namespace SourceNet.Training;

/// <summary>What early stopping, best weights and <see cref="ReduceOnPlateau"/> watch. A text is one: <c>"validation macro F1"</c>.</summary>
/// <param name="Name">
/// A loss or a metric and where it is measured: <c>step loss</c>, <c>train loss</c>, <c>validation loss</c>, <c>train accuracy</c>, <c>validation accuracy</c>,
/// <c>validation recall of class 3</c>. A name that the training does not have ends it before its first step, with those that it has.
/// </param>
/// <param name="Direction">Which way it gets better; null for what the metric says itself. A loss is better if it is less.</param>
public sealed record Monitored(string Name, MetricDirection? Direction = null)
{
    /// <summary>The loss on validation data.</summary>
    public static Monitored ValidationLoss { get; } = new("validation loss");

    /// <summary>A name, whose direction the metric says.</summary>
    public static implicit operator Monitored(string name) => new(name);

    /// <exception cref="ArgumentException">The training does not measure it, or nobody says which way it gets better.</exception>
    internal Monitor In(TrainingRun run, string who)
    {
        foreach (var (name, direction) in run.Measures)
        {
            if (name == Name)
            {
                return new(name, Direction ?? direction ?? throw new ArgumentException(
                    $"{who} watches '{Name}', and that metric does not say which way it gets better: say it, as in "
                        + $"new Monitored(\"{Name}\", MetricDirection.Maximize), or let the metric's Direction say it.", "monitor"));
            }
        }

        throw run.Validation is null && Name.StartsWith("validation ", StringComparison.Ordinal)
            ? new ArgumentException($"{who} watches the {Name}: give validation data, or leave it out.", "validation")
            : new ArgumentException($"{who} watches '{Name}', which this training does not measure: expected one of "
                + $"{string.Join(", ", run.Measures.Select(measure => $"'{measure.Name}'"))}.", "monitor");
    }
}

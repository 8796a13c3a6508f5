namespace SourceNet.Training;

/// <summary>A number of each epoch, and which way it gets better.</summary>
internal readonly record struct Monitor(string Name, MetricDirection Direction)
{
    /// <summary>Worse than every number.</summary>
    internal double Worst => Direction == MetricDirection.Minimize ? double.PositiveInfinity : double.NegativeInfinity;

    /// <summary>What everything has that is measured in a training of some metrics.</summary>
    internal static IEnumerable<(string Name, MetricDirection? Direction)> Of(
        IEnumerable<(string Name, MetricDirection? Direction)> metrics, bool hasValidation)
    {
        string[] places = hasValidation ? ["train", "validation"] : ["train"];
        IEnumerable<(string Name, MetricDirection? Direction)> losses = [("loss", MetricDirection.Minimize)];
        return losses.Concat(metrics)
            .SelectMany(metric => places.Select(place => ($"{place} {metric.Name}", metric.Direction)))
            .Prepend(("step loss", MetricDirection.Minimize));
    }

    /// <summary>Its number in an epoch; null where it is not defined or was not measured.</summary>
    internal double? In(EpochResult result)
    {
        var name = Name;
        return name switch
        {
            "step loss" => result.StepLoss,
            "train loss" => result.TrainLoss,
            "validation loss" => result.ValidationLoss,
            _ => result.Metrics.FirstOrDefault(metric => name == $"train {metric.Name}") is { } onTrain
                ? onTrain.Train
                : result.Metrics.FirstOrDefault(metric => name == $"validation {metric.Name}")?.Validation,
        };
    }

    /// <summary>Whether a number is better than another by more than some amount.</summary>
    internal bool IsBetter(double? value, double than, double by = 0) =>
        value is { } number && (Direction == MetricDirection.Minimize ? number < than - by : number > than + by);

    /// <summary>The first epoch with the best number; null if none has one.</summary>
    internal EpochResult? Best(IEnumerable<EpochResult> results)
    {
        var (best, value) = ((EpochResult?)null, Worst);
        foreach (var result in results)
        {
            if (In(result) is { } number && !double.IsNaN(number) && (best is null || IsBetter(number, value)))
            {
                (best, value) = (result, number);
            }
        }

        return best;
    }
}

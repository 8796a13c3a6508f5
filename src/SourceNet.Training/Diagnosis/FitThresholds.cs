using System.Runtime.CompilerServices;

namespace SourceNet.Training;

/// <summary>
/// What the verdict about a fit depends on. The numbers for the metric separate the runs that the regularization guide calls good from those that it says
/// over- and underfit.
/// </summary>
public sealed record FitThresholds
{
    /// <summary>The gap of the metric above which a model overfits, in (0, 1]: 0.15 if nothing is said.</summary>
    public double Gap { get; init => field = Check(value, value is > 0 and <= 1, "above 0 and at most 1"); } = 0.15;

    /// <summary>
    /// The metric on training data below which a model underfits, in [0, 1]: 0.85 if nothing is said. What is good depends on the task; 0 switches the rule
    /// off.
    /// </summary>
    public double TrainMetric { get; init => field = Check(value, value is >= 0 and <= 1, "at least 0 and at most 1"); } = 0.85;

    /// <summary>
    /// The ratio of validation to training loss above which a model overfits if ratio and validation loss rise too, at least 1: 1.5 if nothing is said.
    /// </summary>
    public double LossRatio { get; init => field = Check(value, value >= 1, "at least 1"); } = 1.5;

    /// <summary>Over how many of the last epochs means and trends are taken, at least 2: 5 if nothing is said.</summary>
    public int Epochs { get; init => field = (int)Check(value, value >= 2, "at least 2"); } = 5;

    private static double Check(double value, bool isAllowed, string range, [CallerMemberName] string name = "") =>
        isAllowed ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be {range}.");
}

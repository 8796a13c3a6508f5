using System.Globalization;
using System.Text;

namespace SourceNet.Training;

/// <summary>Whether a model under- or overfits, by the history of its training, and what to do next. Print it to see both.</summary>
public sealed class Overfitting
{
    private Overfitting(IReadOnlyList<EpochFit> epochs, FitThresholds thresholds, Checklist checklist)
    {
        Thresholds = thresholds;
        Gap = epochs.Average(epoch => epoch.Gap);
        LossRatio = epochs.Average(epoch => epoch.LossRatio);
        LossRatioTrend = Trend.Slope([.. epochs.Select(epoch => epoch.LossRatio)]);
        ValidationLossTrend = Trend.Slope([.. epochs.Select(epoch => epoch.ValidationLoss)]);
        TrainMetric = epochs.Average(epoch => epoch.TrainMetric);
        Verdict = Judge();
        NextSteps = checklist.For(Verdict);
    }

    /// <summary>What the verdict depends on.</summary>
    public FitThresholds Thresholds { get; }

    /// <summary>How much better the metric is on training data: the mean over the last epochs. Not-a-number without a metric.</summary>
    public double Gap { get; }

    /// <summary>The metric on training data: the mean over the last epochs. Not-a-number without a metric.</summary>
    public double TrainMetric { get; }

    /// <summary>The ratio of validation to training loss: the mean over the last epochs. Not-a-number if a loss is not above 0.</summary>
    public double LossRatio { get; }

    /// <summary>How much the ratio rises in an epoch: the slope of the least-squares line through the last epochs. Not-a-number for one epoch.</summary>
    public double LossRatioTrend { get; }

    /// <summary>How much the validation loss rises in an epoch, likewise.</summary>
    public double ValidationLossTrend { get; }

    /// <summary>Whether the model under- or overfits.</summary>
    public Fit Verdict { get; }

    /// <summary>What to do, the first thing first: the regularization guide's checklist. Empty if the model fits.</summary>
    public IReadOnlyList<NextStep> NextSteps { get; }

    /// <summary>
    /// Judges the last epochs of a training, by the first rule that holds. A model overfits if the gap is above its threshold, or if the ratio of the losses
    /// is above its threshold and both the ratio and the validation loss rise. It underfits if the metric on training data is below its threshold. Else it
    /// fits. A rule about something that was not measured does not hold.
    /// </summary>
    /// <param name="history">The epochs in their order, at least one.</param>
    /// <param name="plan">What the model declares (<see cref="Model.RegularizationPlan"/>), so that the steps name what is missing and what is there.</param>
    /// <param name="augments">Whether the training images are augmented, which no plan tells; null if it is not known.</param>
    /// <param name="thresholds">Other thresholds than the usual ones.</param>
    /// <exception cref="ArgumentException">There is no epoch, or a loss of one that counts is not finite.</exception>
    public static Overfitting Diagnose(
        IReadOnlyList<EpochFit> history,
        RegularizationPlan? plan = null,
        bool? augments = null,
        FitThresholds? thresholds = null)
    {
        ArgumentNullException.ThrowIfNull(history);
        thresholds ??= new FitThresholds();
        EpochFit[] epochs = [.. history.TakeLast(thresholds.Epochs)];
        if (epochs.Length == 0)
        {
            throw new ArgumentException("There is no epoch to judge.", nameof(history));
        }

        if (Array.FindIndex(epochs, epoch => !double.IsFinite(epoch.TrainLoss) || !double.IsFinite(epoch.ValidationLoss)) is >= 0 and var index)
        {
            var number = history.Count - epochs.Length + index + 1;
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"Epoch {number} has losses {epochs[index].TrainLoss} and {epochs[index].ValidationLoss}: both must be finite."), nameof(history));
        }

        return new Overfitting(epochs, thresholds, new Checklist(plan, augments));
    }

    /// <summary>Judges the last epochs of a <see cref="Trainer"/>, whose metric must be one in [0, 1] of which more is better, such as accuracy.</summary>
    /// <inheritdoc cref="Diagnose(IReadOnlyList{EpochFit}, RegularizationPlan?, bool?, FitThresholds?)" path="/param"/>
    /// <exception cref="ArgumentException">There is no epoch, one was not measured on validation data, or a loss of one that counts is not finite.</exception>
    public static Overfitting Diagnose(TrainingHistory history, RegularizationPlan? plan = null, bool? augments = null, FitThresholds? thresholds = null)
    {
        ArgumentNullException.ThrowIfNull(history);
        return Diagnose([.. history.Epochs.Select(Fit)], plan, augments, thresholds);

        static EpochFit Fit(EpochResult epoch) => epoch.ValidationLoss is { } validationLoss
            ? new(epoch.TrainLoss, validationLoss, epoch.TrainMetric ?? double.NaN, epoch.ValidationMetric ?? double.NaN)
            : throw new ArgumentException(
                "The training was not measured on validation data, and only the difference says whether a model overfits.",
                nameof(history));
    }

    /// <summary>The verdict, the numbers, and the next steps with what is declared of each. Lines end in <c>\n</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(Verdict);
        if (!double.IsNaN(Gap))
        {
            text.Append(CultureInfo.InvariantCulture, $", gap {Gap:0.###}, training metric {TrainMetric:0.###}");
        }

        if (!double.IsNaN(LossRatio))
        {
            text.Append(CultureInfo.InvariantCulture, $", validation loss {LossRatio:0.###} times the training loss");
        }

        if (!double.IsNaN(LossRatioTrend))
        {
            text.Append(CultureInfo.InvariantCulture, $" ({LossRatioTrend:+0.###;-0.###;0} per epoch)");
        }

        text.Append('\n');
        for (var number = 0; number < NextSteps.Count; number++)
        {
            var step = NextSteps[number];
            text.Append(CultureInfo.InvariantCulture, $"{number + 1}. {step.Advice}{(step.State == StepState.Missing ? " (missing)" : "")}\n");
            foreach (var entry in step.Declared)
            {
                text.Append(CultureInfo.InvariantCulture, $"   {entry.Kind}{(entry.Strength.Length == 0 ? "" : $"({entry.Strength})")} on {entry.Where}\n");
            }
        }

        return text.ToString();
    }

    private Fit Judge()
    {
        if (Gap > Thresholds.Gap || (LossRatio > Thresholds.LossRatio && LossRatioTrend > 0 && ValidationLossTrend > 0))
        {
            return Fit.Overfitting;
        }

        return TrainMetric < Thresholds.TrainMetric ? Fit.Underfitting : Fit.Fitting;
    }
}

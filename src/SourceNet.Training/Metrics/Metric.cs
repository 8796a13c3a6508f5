using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>A metric that is a mean over samples, or over whatever else counts.</summary>
/// <param name="Name">Its name, as histories and displays show it.</param>
/// <param name="Mean">
/// The mean over the samples of a batch, of the model's output and the targets. Means of several batches are weighted by their samples.
/// </param>
public record Metric(string Name, Func<Tensor, Tensor, double> Mean) : IMetric
{
    /// <summary>
    /// What suits the objective: the accuracy of classes, of yes or no (one logit or several labels), or the mean absolute error of values. None for a loss
    /// that is none of <see cref="Objectives"/>, unless
    /// its targets are class indices.
    /// </summary>
    public static Metric Default { get; } = new DefaultMetric();

    /// <summary>
    /// The share of predictions that are right, in [0, 1]. Of classes the one with the largest logit, against class indices or the most probable class; of yes
    /// or no a logit above 0, against a target above 1/2.
    /// The objective tells which of both, where the classes are, and which targets are ignored.
    /// </summary>
    /// <remarks>
    /// Without a known objective targets are class indices (Int64, the shape of the output without the axis of classes), −100 is ignored, and everything else
    /// is an error: say which accuracy it is by
    /// <see cref="ClassAccuracy"/> or <see cref="BinaryAccuracy"/>.
    /// </remarks>
    public static Metric Accuracy { get; } = new CountedMetric("accuracy", MetricDirection.Maximize, Right);

    /// <summary>As <see cref="Accuracy"/>, for logits above 0 against targets above 1/2, of the same shape.</summary>
    public static Metric BinaryAccuracy { get; } = new CountedMetric("accuracy", MetricDirection.Maximize, RightSides);

    /// <summary>The mean of <c>|y − t|</c> over all numbers, in the units of the targets.</summary>
    public static Metric MeanAbsoluteError { get; } = new ErrorMetric("mean absolute error", Math.Abs, mean => mean);

    /// <summary>The root of the mean of <c>(y − t)²</c> over all numbers, in the units of the targets.</summary>
    public static Metric RootMeanSquaredError { get; } = new ErrorMetric("root mean squared error", error => error * error, Math.Sqrt);

    /// <summary>
    /// The coefficient of determination, <c>1 − Σ(y − t)² / Σ(t − t̄)²</c>: 1 is perfect, 0 as good as the mean of the targets. Of outputs <c>[N, D]</c> the
    /// mean over the columns, without those whose targets are all alike; not defined where none is left.
    /// </summary>
    public static IMetric Determination { get; } = new SummedMetric("R²", MetricDirection.Maximize, () => new DeterminationSum());

    /// <summary>As <see cref="Accuracy"/>, for classes on a given axis.</summary>
    /// <param name="classAxis">The axis of the output that counts the classes: 1, or −1 for the last one.</param>
    /// <param name="ignoreIndex">The target that does not count.</param>
    public static Metric ClassAccuracy(int classAxis, long ignoreIndex = ClassTargets.NoIndex) =>
        new CountedMetric(
            "accuracy",
            MetricDirection.Maximize,
            batch => RightClasses(batch, classAxis < 0 ? (int)batch.Outputs.ndim + classAxis : classAxis, ignoreIndex));

    /// <summary>
    /// The share of predictions whose class is among the k with the largest logits, in [0, 1]. Of equal logits the one of the lower index comes first, as in
    /// <see cref="Accuracy"/>, which is this with k = 1.
    /// </summary>
    /// <param name="k">How many, at least 1 and at most the number of classes.</param>
    /// <param name="classAxis">The axis of the classes, 1, or −1 for the last one; null for the objective's.</param>
    /// <param name="ignoreIndex">The target that does not count; null for the objective's, or −100.</param>
    /// <exception cref="ArgumentOutOfRangeException">k below 1.</exception>
    public static IMetric TopK(int k, int? classAxis = null, long? ignoreIndex = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        var place = new ClassPlace(classAxis, ignoreIndex);
        return new SummedMetric(
            FormattableString.Invariant($"top-{k} accuracy"), MetricDirection.Maximize, () => new CountedMean(batch => TopRanks.Right(batch, k, place)));
    }

    /// <summary>
    /// Of what is predicted as a class, the share that is of it, in [0, 1]: <c>TP / (TP + FP)</c>. Of yes and no, each label is a class of its own, and only
    /// yes counts.
    /// </summary>
    /// <remarks>A class that has samples and is never predicted has precision 0; one that neither has samples nor is predicted does not count.</remarks>
    /// <param name="averaging">How the classes become one number.</param>
    /// <param name="perClass">Whether histories have the number of each class too.</param>
    /// <param name="classAxis">The axis of the classes, 1, or −1 for the last one; null for the objective's.</param>
    /// <param name="ignoreIndex">The target that does not count; null for the objective's, or −100.</param>
    public static IMetric Precision(Averaging averaging, bool perClass = false, int? classAxis = null, long? ignoreIndex = null) =>
        ClassScoreSum.Metric("precision", averaging, perClass, new(classAxis, ignoreIndex), counts => counts.Precision);

    /// <summary>Of what is of a class, the share that is predicted as it, in [0, 1]: <c>TP / (TP + FN)</c>.</summary>
    /// <remarks>A class without samples that is predicted has recall 0; one that neither has samples nor is predicted does not count.</remarks>
    /// <inheritdoc cref="Precision" path="/param"/>
    public static IMetric Recall(Averaging averaging, bool perClass = false, int? classAxis = null, long? ignoreIndex = null) =>
        ClassScoreSum.Metric("recall", averaging, perClass, new(classAxis, ignoreIndex), counts => counts.Recall);

    /// <summary>The harmonic mean of precision and recall, in [0, 1]: <c>2 TP / (2 TP + FP + FN)</c>.</summary>
    /// <remarks>
    /// A class that neither has samples nor is predicted does not count. The macro mean is of the classes' own, not of mean precision and recall.
    /// </remarks>
    /// <inheritdoc cref="Precision" path="/param"/>
    public static IMetric F1(Averaging averaging, bool perClass = false, int? classAxis = null, long? ignoreIndex = null) =>
        ClassScoreSum.Metric("F1", averaging, perClass, new(classAxis, ignoreIndex), counts => counts.F1);

    /// <summary>
    /// The area under the ROC curve, in [0, 1]: how often a positive sample has a larger score than a negative one, equal scores counting half. Exact, by
    /// ranks;
    /// keeps a number for each sample and class.
    /// </summary>
    /// <remarks>
    /// Of yes and no, and of two classes, <paramref name="averaging"/> may be left out. Of more classes it is each against the rest, by probabilities. It is
    /// not defined for a class that all samples are of, or none: such
    /// classes are left out of the mean, and where none is left histories have an empty cell.
    /// </remarks>
    /// <inheritdoc cref="Precision" path="/param"/>
    public static IMetric Auc(Averaging? averaging = null, bool perClass = false, int? classAxis = null, long? ignoreIndex = null) =>
        AucSum.Metric(averaging, perClass, new(classAxis, ignoreIndex));

    /// <summary>
    /// <see cref="ConfusionMatrix"/>, whose value is the balanced accuracy: the mean recall of the classes that have samples, in [0, 1].
    /// <c>measurement.Sum&lt;ConfusionMatrix&gt;()</c> is the matrix itself.
    /// </summary>
    /// <param name="classAxis">The axis of the classes, 1, or −1 for the last one; null for the objective's.</param>
    /// <param name="ignoreIndex">The target that does not count; null for the objective's, or −100.</param>
    /// <param name="classes">The names of the classes; none for their indices.</param>
    public static IMetric Confusion(int? classAxis = null, long? ignoreIndex = null, params string[] classes) =>
        new SummedMetric("balanced accuracy", MetricDirection.Maximize, () => new ConfusionMatrix(new ClassPlace(classAxis, ignoreIndex), classes));

    /// <summary>
    /// <c>exp</c> of the mean of <c>−log p</c> over the targets that count, where p is what the model gives the right class: 1 is perfect, C what even
    /// guessing among C classes has. Without label smoothing and penalties, whatever the loss has.
    /// </summary>
    /// <param name="classAxis">The axis of the classes, 1, or −1 for the last one; null for the objective's.</param>
    /// <param name="ignoreIndex">The target that does not count; null for the objective's, or −100.</param>
    public static IMetric Perplexity(int? classAxis = null, long? ignoreIndex = null) =>
        new SummedMetric("perplexity", MetricDirection.Minimize, () => new PerplexitySum(new ClassPlace(classAxis, ignoreIndex)));

    /// <summary>Which way it gets better; null, for one of your own that does not say it.</summary>
    public MetricDirection? Direction { get; init; }

    /// <inheritdoc/>
    public virtual IMetricSum Begin() => new SampleMean(Mean);

    private static (double Sum, double Count) Right(MeasuredBatch batch) => batch.Objective switch
    {
        { Kind: ObjectiveKind.CrossEntropy } objective => RightClasses(batch, objective.ClassAxis, objective.IgnoreIndex),
        { Kind: ObjectiveKind.BinaryCrossEntropy } => RightSides(batch),
        { } other => throw new ArgumentException($"Accuracy is of classes or of yes and no, and the objective is {other.Kind}: set TrainerOptions.Metric to "
            + "Metric.MeanAbsoluteError, to one of your own, or to null."),
        null => RightClasses(batch, ClassTargets.Axis(batch.Outputs, batch.Targets), ClassTargets.NoIndex),
    };

    private static (double Sum, double Count) RightClasses(MeasuredBatch batch, int axis, long ignoreIndex)
    {
        using var scope = NewDisposeScope();
        var (outputs, targets) = (batch.Outputs, batch.Targets);
        ClassTargets.Check(outputs, targets, axis);
        var found = outputs.argmax(axis);
        if (targets.dtype != ScalarType.Int64)
        {
            return (found.eq(targets.argmax(axis)).count_nonzero().item<long>(), found.numel());
        }

        using var ignored = ignoreIndex.ToScalar();
        var counts = targets.ne(ignored);
        return (found.eq(targets).logical_and(counts).count_nonzero().item<long>(), counts.count_nonzero().item<long>());
    }

    private static (double Sum, double Count) RightSides(MeasuredBatch batch)
    {
        ClassTargets.CheckSame(batch, "Metric.BinaryAccuracy");
        using var scope = NewDisposeScope();
        using var zero = 0.ToScalar();
        using var half = 0.5.ToScalar();
        var yes = batch.Targets.dtype == ScalarType.Bool ? batch.Targets : batch.Targets.gt(half);
        return (batch.Outputs.gt(zero).eq(yes).count_nonzero().item<long>(), yes.numel());
    }

    private sealed record CountedMetric : Metric
    {
        private readonly Func<MeasuredBatch, (double Sum, double Count)> counted;

        internal CountedMetric(string name, MetricDirection direction, Func<MeasuredBatch, (double Sum, double Count)> counted)
            : base(name, (outputs, targets) => counted(new(outputs, targets, null)) is var (sum, count) ? sum / count : double.NaN) =>
            (this.counted, Direction) = (counted, direction);

        public override IMetricSum Begin() => new CountedMean(counted);
    }

    private sealed class SampleMean(Func<Tensor, Tensor, double> mean) : IMetricSum
    {
        private RunningSum sum;
        private double samples;

        public double? Value => samples > 0 ? sum.Value / samples : null;

        public void Add(MeasuredBatch batch)
        {
            var count = batch.Targets.ndim == 0 ? 1 : batch.Targets.size(0);
            if (count > 0)
            {
                sum.Add(mean(batch.Outputs, batch.Targets) * count);
                samples += count;
            }
        }
    }
}

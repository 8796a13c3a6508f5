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
    public static Metric Accuracy { get; } = new CountedMetric("accuracy", Right);

    /// <summary>As <see cref="Accuracy"/>, for logits above 0 against targets above 1/2, of the same shape.</summary>
    public static Metric BinaryAccuracy { get; } = new CountedMetric("accuracy", RightSides);

    /// <summary>The mean of <c>|y − t|</c> over all numbers, in the units of the targets.</summary>
    public static Metric MeanAbsoluteError { get; } = new CountedMetric("mean absolute error", AbsoluteErrors);

    /// <summary>As <see cref="Accuracy"/>, for classes on a given axis.</summary>
    /// <param name="classAxis">The axis of the output that counts the classes: 1, or −1 for the last one.</param>
    /// <param name="ignoreIndex">The target that does not count.</param>
    public static Metric ClassAccuracy(int classAxis, long ignoreIndex = ClassTargets.NoIndex) =>
        new CountedMetric("accuracy", batch => RightClasses(batch, classAxis < 0 ? (int)batch.Outputs.ndim + classAxis : classAxis, ignoreIndex));

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
        CheckSame(batch, "Metric.BinaryAccuracy");
        using var scope = NewDisposeScope();
        using var zero = 0.ToScalar();
        using var half = 0.5.ToScalar();
        var yes = batch.Targets.dtype == ScalarType.Bool ? batch.Targets : batch.Targets.gt(half);
        return (batch.Outputs.gt(zero).eq(yes).count_nonzero().item<long>(), yes.numel());
    }

    private static (double Sum, double Count) AbsoluteErrors(MeasuredBatch batch)
    {
        CheckSame(batch, "Metric.MeanAbsoluteError");
        using var scope = NewDisposeScope();
        return (batch.Outputs.to(ScalarType.Float64).sub(batch.Targets.to(ScalarType.Float64)).abs().sum().item<double>(), batch.Outputs.numel());
    }

    private static void CheckSame(MeasuredBatch batch, string metric)
    {
        if (!batch.Outputs.shape.AsSpan().SequenceEqual(batch.Targets.shape))
        {
            throw new ArgumentException(
                $"{metric} takes outputs and targets of one shape, and these are {ClassTargets.Text(batch.Outputs)} and {ClassTargets.Text(batch.Targets)}: "
                    + "set TrainerOptions.Metric to another one, or to null.");
        }
    }

    /// <summary>A sum over what counts, divided by how many that were.</summary>
    private sealed record CountedMetric(string Name, Func<MeasuredBatch, (double Sum, double Count)> Counted)
        : Metric(Name, (outputs, targets) => Counted(new(outputs, targets, null)) is var (sum, count) ? sum / count : double.NaN)
    {
        public override IMetricSum Begin() => new CountedMean(Counted);
    }

    private sealed class CountedMean(Func<MeasuredBatch, (double Sum, double Count)> counted) : IMetricSum
    {
        private double sum;
        private double count;

        public double Value => sum / count;

        public void Add(MeasuredBatch batch)
        {
            var (more, others) = counted(batch);
            (sum, count) = (sum + more, count + others);
        }
    }

    private sealed class SampleMean(Func<Tensor, Tensor, double> mean) : IMetricSum
    {
        private double sum;
        private double samples;

        public double Value => sum / samples;

        public void Add(MeasuredBatch batch)
        {
            var count = batch.Targets.ndim == 0 ? 1 : batch.Targets.size(0);
            (sum, samples) = (sum + (mean(batch.Outputs, batch.Targets) * count), samples + count);
        }
    }
}

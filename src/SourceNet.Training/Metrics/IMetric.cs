using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>
/// A number that says how good predictions are, beside the loss: computed over a whole data set, so that it does not depend on how the data are cut into
/// batches.
/// </summary>
/// <example><code>
/// sealed class Positives : IMetric, IMetricSum
/// {
///     private long positives, all;
///     public string Name => "share of positives";
///     public MetricDirection? Direction => MetricDirection.Maximize;
///     public IMetricSum Begin() => new Positives();
///     public void Add(MeasuredBatch batch) { positives += batch.Outputs.gt(0).count_nonzero().item&lt;long&gt;(); all += batch.Outputs.numel(); }
///     public double? Value => all == 0 ? null : (double)positives / all;
/// }
/// </code></example>
public interface IMetric
{
    /// <summary>Its name, as histories and displays show it; no two of a training alike.</summary>
    string Name { get; }

    /// <summary>Which way it gets better; null if only who watches it can say.</summary>
    MetricDirection? Direction => null;

    /// <summary>Begins with a data set.</summary>
    IMetricSum Begin();
}

/// <summary>A metric of what was seen so far: sums and counts, from which the number follows.</summary>
public interface IMetricSum
{
    /// <summary>Takes a batch in; one without samples changes nothing. The tensors live until it returns.</summary>
    /// <exception cref="ArgumentException">The shapes or types are none that the metric can read.</exception>
    void Add(MeasuredBatch batch);

    /// <summary>
    /// The metric of all batches together; null where it is not defined, as the area under a curve of a single class is not. Not-a-number is an error, and ends
    /// a training.
    /// </summary>
    double? Value { get; }

    /// <summary>The same for parts of the data, such as each class; the same parts from the first batch on.</summary>
    IReadOnlyList<MetricPart> Parts => [];
}

/// <summary>A metric of a part of the data.</summary>
/// <param name="Name">What it is, with its part: <c>recall of class 3</c>.</param>
/// <param name="Value">The number; null where it is not defined.</param>
public readonly record struct MetricPart(string Name, double? Value);

/// <summary>What a model made of a batch.</summary>
/// <param name="Outputs">The model's output, in eval mode.</param>
/// <param name="Targets">What it should have been.</param>
/// <param name="Objective">What the loss was computed by; null if it was none of <see cref="Objectives"/>, or several that differ.</param>
public readonly record struct MeasuredBatch(Tensor Outputs, Tensor Targets, ObservedObjective? Objective);

using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>
/// A number that says how good predictions are, beside the loss: computed over a whole data set, so that it does not depend on how the data are cut into
/// batches.
/// </summary>
public interface IMetric
{
    /// <summary>Its name, as histories and displays show it.</summary>
    string Name { get; }

    /// <summary>Begins with a data set.</summary>
    IMetricSum Begin();
}

/// <summary>A metric of what was seen so far.</summary>
public interface IMetricSum
{
    /// <summary>Takes a batch in. The tensors live until it returns.</summary>
    /// <exception cref="ArgumentException">The shapes or types are none that the metric can read.</exception>
    void Add(MeasuredBatch batch);

    /// <summary>The metric of all batches together; not a number if nothing counted.</summary>
    double Value { get; }
}

/// <summary>What a model made of a batch.</summary>
/// <param name="Outputs">The model's output, in eval mode.</param>
/// <param name="Targets">What it should have been.</param>
/// <param name="Objective">What the loss was computed by; null if it was none of <see cref="Objectives"/>, or several that differ.</param>
public readonly record struct MeasuredBatch(Tensor Outputs, Tensor Targets, ObservedObjective? Objective);

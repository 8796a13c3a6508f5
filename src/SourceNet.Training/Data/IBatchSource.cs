using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>What a model is trained or measured on, in batches. The same epoch is the same twice.</summary>
public interface IBatchSource
{
    /// <summary>The number of batches in an epoch, above 0.</summary>
    int Count { get; }

    /// <summary>The number of classes that the targets are indices of; 0 if they are something else.</summary>
    int Classes { get; }

    /// <summary>
    /// The number of samples in the smallest batch of an epoch; 0 if that is not known. A batch norm cannot learn from one of a single sample.
    /// </summary>
    int SmallestBatch => 0;

    /// <summary>
    /// The places that the samples of an epoch have in the data, in the epoch's order; null if it is the order of the data. What is predicted of a source that
    /// shuffles is put back by it.
    /// </summary>
    IReadOnlyList<int>? Order(int epoch) => null;

    /// <summary>The batches of an epoch, in their order. Their tensors live until the loop goes on.</summary>
    IEnumerable<TrainingBatch> Epoch(int epoch);
}

/// <summary>Some samples and what a model should make of them.</summary>
/// <param name="Inputs">What goes into the model, <c>[N, ...]</c>.</param>
/// <param name="Targets">Class indices or values, as the model's objective takes them, <c>[N, ...]</c>.</param>
/// <param name="Key">What a random draw for the batch depends on.</param>
public readonly record struct TrainingBatch(Tensor Inputs, Tensor Targets, RandomKey Key);

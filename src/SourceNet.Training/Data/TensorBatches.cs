using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>Samples that are in memory already, in batches: tables, features, small data sets.</summary>
public sealed class TensorBatches : IBatchSource
{
    private readonly Tensor inputs;
    private readonly Tensor targets;
    private readonly int size;
    private readonly long seed;
    private readonly Sampler sampler;

    /// <param name="inputs">The samples, <c>[N, ...]</c>. They stay the caller's, and must live as long as a loop over the batches.</param>
    /// <param name="targets">Their targets, <c>[N, ...]</c>.</param>
    /// <param name="size">The number of samples in a batch; the last one may have fewer.</param>
    /// <param name="seed">What the order depends on.</param>
    /// <param name="shuffle">Whether each epoch has an order of its own; otherwise it is that of the samples.</param>
    /// <param name="classes">The number of classes, if the targets are indices of classes.</param>
    /// <param name="dropLast">Whether a last batch of fewer samples is left out: batch norm cannot learn from one of a single sample.</param>
    /// <param name="sampler">Which samples an epoch has, and in which order; null for all of them, as <paramref name="shuffle"/> says.</param>
    /// <exception cref="ArgumentException">
    /// There is no sample, or not as many targets, a sampler that gives samples that are not there, or one and <paramref name="shuffle"/> too.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A size below 1, no full batch to keep, or a negative number of classes.</exception>
    public TensorBatches(
        Tensor inputs, Tensor targets, int size, long seed = 0, bool shuffle = false, int classes = 0, bool dropLast = false, Sampler? sampler = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfNegative(classes);
        if (inputs.ndim == 0 || targets.ndim == 0 || inputs.size(0) == 0 || inputs.size(0) != targets.size(0))
        {
            throw new ArgumentException($"Expected as many targets as samples, and at least one, found [{string.Join(", ", inputs.shape)}] and "
                + $"[{string.Join(", ", targets.shape)}].", nameof(targets));
        }

        (this.inputs, this.targets, this.size, this.seed, Classes) = (inputs, targets, size, seed, classes);
        this.sampler = Sampler.For(checked((int)inputs.size(0)), shuffle, sampler);
        Count = this.sampler.Batches(size, dropLast, "samples");
        SmallestBatch = Math.Min(size, this.sampler.Count - ((Count - 1) * size));
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public int Classes { get; }

    /// <inheritdoc/>
    public int SmallestBatch { get; }

    /// <inheritdoc/>
    public IReadOnlyList<int>? Order(int epoch) => sampler.KeepsOrder ? null : sampler.Epoch(seed, epoch);

    /// <inheritdoc/>
    public IEnumerable<TrainingBatch> Epoch(int epoch)
    {
        long[] order = [.. sampler.Epoch(seed, epoch).Select(place => (long)place)];
        for (var number = 0; number < Count; number++)
        {
            using var chosen = tensor(order[(number * size)..Math.Min(order.Length, (number + 1) * size)], device: inputs.device).DetachFromDisposeScope();
            using var sample = inputs.index_select(0, chosen).DetachFromDisposeScope();
            using var target = targets.index_select(0, chosen).DetachFromDisposeScope();
            yield return new(sample, target, new RandomKey(seed, epoch, number));
        }
    }
}

using SourceNet.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Data;

/// <summary>Rows of a table as tensors.</summary>
public sealed class EncodedTable : IDisposable
{
    private readonly IReadOnlyList<int> counts;
    private readonly int classes;
    private readonly Lazy<Tensor> inputs;
    private readonly Lazy<Tensor> embedded;

    internal EncodedTable(int count, float[] features, long[] categories, IReadOnlyList<int> counts, long[] targets, int classes)
        : this(count, features, categories, counts, tensor(targets), classes)
    {
    }

    internal EncodedTable(int count, float[] features, long[] categories, IReadOnlyList<int> counts, float[] targets)
        : this(count, features, categories, counts, tensor(targets, count, 1), 0)
    {
    }

    private EncodedTable(int count, float[] features, long[] categories, IReadOnlyList<int> counts, Tensor targets, int classes)
    {
        (Count, this.counts, this.classes) = (count, counts, classes);
        Features = tensor(features, count, features.Length / count).DetachFromDisposeScope();
        Categories = tensor(categories, count, counts.Count).DetachFromDisposeScope();
        Targets = targets.DetachFromDisposeScope();
        inputs = new(OneHot);
        embedded = new(Offset);
    }

    /// <summary>The number of rows, N.</summary>
    public int Count { get; }

    /// <summary>The numbers, float32 <c>[N, F]</c>.</summary>
    public Tensor Features { get; }

    /// <summary>The categories, Int64 <c>[N, C]</c>: 0 for everything that the training rows do not have.</summary>
    public Tensor Categories { get; }

    /// <summary>Classes, Int64 <c>[N]</c>, or numbers, float32 <c>[N, 1]</c>.</summary>
    public Tensor Targets { get; }

    /// <summary>
    /// Numbers and categories for a model that takes one tensor, float32 <c>[N, F + Σ K]</c>: the numbers, then a 1 at the index of each category, which of
    /// K texts has K + 1 places.
    /// </summary>
    public Tensor Inputs => inputs.Value;

    /// <summary>
    /// The categories for a model that begins with one embedding for all of them, Int64 <c>[N, C]</c>: the indices of a column come after those of the
    /// columns before it. The embedding has as many rows as all columns have indices together.
    /// </summary>
    public Tensor EmbeddingInputs => embedded.Value;

    /// <summary>The rows in batches, as <see cref="Inputs"/>: for a model of numbers, with categories one-hot.</summary>
    /// <param name="size">The number of rows in a batch.</param>
    /// <param name="seed">What the order depends on.</param>
    /// <param name="shuffle">Whether each epoch has an order of its own.</param>
    /// <param name="dropLast">Whether a last batch of fewer rows is left out.</param>
    /// <param name="sampler">Which rows an epoch has; null for all.</param>
    /// <exception cref="ArgumentException">A sampler that gives rows that are not there, or one and <paramref name="shuffle"/> too.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size below 1, or no full batch to keep.</exception>
    public TensorBatches Batches(int size, long seed = 0, bool shuffle = false, bool dropLast = false, Sampler? sampler = null) =>
        new(Inputs, Targets, size, seed, shuffle, classes, dropLast, sampler);

    /// <summary>The rows in batches, as <see cref="EmbeddingInputs"/>: for a model of categories alone, which are embedded.</summary>
    /// <inheritdoc cref="Batches"/>
    public TensorBatches EmbeddingBatches(int size, long seed = 0, bool shuffle = false, bool dropLast = false, Sampler? sampler = null) =>
        new(EmbeddingInputs, Targets, size, seed, shuffle, classes, dropLast, sampler);

    /// <inheritdoc/>
    public void Dispose()
    {
        Features.Dispose();
        Categories.Dispose();
        Targets.Dispose();
        foreach (var made in new[] { inputs, embedded }.Where(made => made.IsValueCreated))
        {
            made.Value.Dispose();
        }
    }

    private Tensor OneHot()
    {
        using var scope = NewDisposeScope();
        var parts = counts.Select((count, column) => nn.functional.one_hot(Categories.select(1, column), count).to(ScalarType.Float32));
        return cat([Features, .. parts], 1).DetachFromDisposeScope();
    }

    private Tensor Offset()
    {
        using var scope = NewDisposeScope();
        long[] offsets = [.. counts.Select((_, column) => (long)counts.Take(column).Sum())];
        return (Categories + tensor(offsets)).DetachFromDisposeScope();
    }
}

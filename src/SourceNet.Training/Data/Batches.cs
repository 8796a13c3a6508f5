namespace SourceNet.Training;

/// <summary>
/// Labeled images in batches, made ahead on the thread pool while the model computes. Only a thread that would have to wait makes its batch itself.
/// </summary>
/// <remarks>
/// What an epoch gives depends on the seed and the epoch alone, whatever the number of threads and of batches that are made ahead: an epoch that is gone
/// through twice is the same twice.
/// </remarks>
public sealed class Batches : IBatchSource
{
    private readonly ILabeledImages source;
    private readonly ImageTransform transform;
    private readonly ImageShape shape;
    private readonly int size;
    private readonly long seed;
    private readonly Sampler sampler;
    private readonly int prefetch;

    /// <param name="source">The images, such as <see cref="LabeledImages"/>. They are not disposed here, and must live as long as a loop over them.</param>
    /// <param name="transform">From bytes to floats: <see cref="Normalize"/>, or an <see cref="Augmentation"/> for images to train on.</param>
    /// <param name="size">The number of images in a batch; the last one may have fewer.</param>
    /// <param name="seed">What order and augmentation depend on.</param>
    /// <param name="shuffle">Whether each epoch has an order of its own; otherwise it is that of the source.</param>
    /// <param name="dropLast">Whether a last batch of fewer images is left out.</param>
    /// <param name="prefetch">How many batches are made ahead, at least 1.</param>
    /// <param name="sampler">Which images an epoch has, and in which order; null for all of them, as <paramref name="shuffle"/> says.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size or a number of batches below 1, or no full batch to keep.</exception>
    /// <exception cref="ArgumentException">
    /// Images of this shape cannot be transformed, a sampler that gives images that are not there, or one and <paramref name="shuffle"/> too.
    /// </exception>
    public Batches(
        ILabeledImages source,
        ImageTransform transform,
        int size,
        long seed = 0,
        bool shuffle = false,
        bool dropLast = false,
        int prefetch = 2,
        Sampler? sampler = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(transform);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(prefetch);
        (this.source, this.transform, this.size, this.seed, this.prefetch) = (source, transform, size, seed, prefetch);
        this.sampler = Sampler.For(source.Count, shuffle, sampler);
        shape = transform.OutputShape(source.Shape);
        Count = this.sampler.Batches(size, dropLast, "images");
    }

    /// <summary>The number of batches in an epoch.</summary>
    public int Count { get; }

    /// <inheritdoc/>
    public int Classes => source.Classes;

    /// <inheritdoc/>
    public int SmallestBatch => Math.Min(size, sampler.Count - ((Count - 1) * size));

    /// <inheritdoc/>
    public IReadOnlyList<int>? Order(int epoch) => sampler.KeepsOrder ? null : sampler.Epoch(seed, epoch);

    /// <summary>The batches of an epoch, in their order. A <c>foreach</c> that ends early waits for what is being made and leaves nothing behind.</summary>
    /// <param name="epoch">Any number: it selects the order and the draws of the augmentation.</param>
    /// <remarks>What goes wrong while a batch is made is thrown where the loop comes to that batch.</remarks>
    public IEnumerable<ImageBatch> Epoch(int epoch)
    {
        var order = sampler.Epoch(seed, epoch);
        var ahead = new Queue<(ImageBatch Batch, Task Filled)>();
        var started = 0;
        ImageBatch? current = null;
        try
        {
            for (var number = 0; number < Count; number++)
            {
                for (; started < Math.Min(Count, number + 1 + prefetch); started++)
                {
                    ahead.Enqueue(Start(order, epoch, started));
                }

                (current, var filled) = ahead.Dequeue();
                filled.GetAwaiter().GetResult();
                yield return current;
                current.DisposeTensors();
            }
        }
        finally
        {
            current?.DisposeTensors();
            foreach (var (batch, filled) in ahead)
            {
                Task.WaitAny(filled);
                _ = filled.Exception; // Nobody comes to this batch any more.
                batch.DisposeTensors();
            }
        }
    }

    /// <inheritdoc/>
    IEnumerable<TrainingBatch> IBatchSource.Epoch(int epoch) => Epoch(epoch).Select(batch => new TrainingBatch(batch.Images, batch.Labels, batch.Key));

    private (ImageBatch Batch, Task Filled) Start(int[] order, int epoch, int number)
    {
        var indices = order.AsSpan(number * size, Math.Min(size, order.Length - (number * size))).ToArray();
        var batch = new ImageBatch(indices, shape, new RandomKey(seed, epoch, number));
        return (batch, Task.Run(() => batch.Fill(source, transform)));
    }
}

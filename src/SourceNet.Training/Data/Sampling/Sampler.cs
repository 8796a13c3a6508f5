namespace SourceNet.Training;

/// <summary>
/// Chooses which samples an epoch has, and in which order. What it gives depends on the seed and the epoch alone, so that a training that is resumed goes on
/// with the same samples.
/// </summary>
public abstract class Sampler
{
    private readonly int[] indices;

    private protected Sampler(int[] indices) => this.indices = indices;

    /// <summary>The number of samples in an epoch, above 0.</summary>
    public abstract int Count { get; }

    /// <summary>Whether an epoch has the samples in the order in which they are given.</summary>
    internal virtual bool KeepsOrder => false;

    /// <summary>The number of samples that it chooses from.</summary>
    private protected int Choices => indices.Length;

    /// <summary>Samples in the order in which they are given, each once: a part of a data set to measure on.</summary>
    /// <param name="indices">Their indices, such as <see cref="DataSplit.Validation"/>. Copied.</param>
    /// <exception cref="ArgumentException">There is none, or one is negative.</exception>
    public static Sampler InOrder(IEnumerable<int> indices) => new OrderedSampler(Check(indices), shuffle: false);

    /// <summary>Each sample once, in an order of its own in each epoch: a part of a data set to train on.</summary>
    /// <inheritdoc cref="InOrder"/>
    public static Sampler Shuffled(IEnumerable<int> indices) => new OrderedSampler(Check(indices), shuffle: true);

    /// <summary>Samples at random, each in proportion to its weight.</summary>
    /// <param name="weights">The weight of each sample, at least 0; they need not sum up to 1.</param>
    /// <param name="count">The number of samples in an epoch; as many as there are weights if nothing is said.</param>
    /// <param name="replacement">
    /// Whether a sample may come several times in an epoch. Without, an epoch is drawn one by one from those that are left, each in proportion to its weight
    /// (the exponential keys of Efraimidis and Spirakis 2006).
    /// </param>
    /// <param name="indices">The indices that the weights belong to; 0, 1, 2, ... if nothing is said.</param>
    /// <exception cref="ArgumentException">
    /// A weight that is negative or not finite, none above 0, a count below 1, more samples without replacement than have a weight above 0, or not as many
    /// indices as weights.
    /// </exception>
    public static Sampler Weighted(IReadOnlyList<double> weights, int? count = null, bool replacement = true, IEnumerable<int>? indices = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var chosen = Check(indices ?? Enumerable.Range(0, weights.Count));
        CheckLength(chosen, weights.Count, nameof(weights), "weights");
        var number = CheckCount(count ?? weights.Count);
        return replacement ? new WeightedSampler(chosen, weights, number) : new WeightedSubsetSampler(chosen, weights, number);
    }

    /// <summary>
    /// As many samples of each class, whatever the data set has of them: the numbers of two classes in an epoch differ by one at most. Inside a class every
    /// sample comes before one comes again, in an order of its own in each epoch.
    /// </summary>
    /// <param name="classes">The class of each sample.</param>
    /// <param name="count">The number of samples in an epoch; as many as there are classes given if nothing is said.</param>
    /// <param name="indices">The indices that the classes belong to; 0, 1, 2, ... if nothing is said.</param>
    /// <exception cref="ArgumentException">There is no sample, a count below 1, or not as many indices as classes.</exception>
    public static Sampler ClassBalanced<TClass>(IReadOnlyList<TClass> classes, int? count = null, IEnumerable<int>? indices = null)
        where TClass : notnull
    {
        ArgumentNullException.ThrowIfNull(classes);
        var chosen = Check(indices ?? Enumerable.Range(0, classes.Count));
        CheckLength(chosen, classes.Count, nameof(classes), "classes");
        return new ClassBalancedSampler(chosen, Kinds.Of(classes, nameof(classes)).Members(), CheckCount(count ?? classes.Count));
    }

    /// <summary>The indices of the samples of an epoch.</summary>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="epoch">Any number.</param>
    /// <returns><see cref="Count"/> indices, a new array.</returns>
    public int[] Epoch(long seed, int epoch)
    {
        var places = Places(new RandomKey(seed, epoch, 0));
        for (var place = 0; place < places.Length; place++)
        {
            places[place] = indices[places[place]];
        }

        return places;
    }

    /// <summary>The sampler of a data set: what was given, or all samples.</summary>
    /// <exception cref="ArgumentException">It gives an index that the data set does not have, or there is one and the order shall be shuffled too.</exception>
    internal static Sampler For(int samples, bool shuffle, Sampler? sampler)
    {
        if (sampler is null)
        {
            return new OrderedSampler([.. Enumerable.Range(0, samples)], shuffle);
        }

        if (shuffle)
        {
            throw new ArgumentException("The order is what the sampler says: leave shuffle out, or take Sampler.Shuffled.", nameof(shuffle));
        }

        var greatest = sampler.indices.Max();
        return greatest < samples
            ? sampler
            : throw new ArgumentException($"Expected indices from 0 to {samples - 1}, those of the data, found {greatest}.", nameof(sampler));
    }

    /// <summary>The number of batches in an epoch.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No full batch to keep.</exception>
    internal int Batches(int size, bool dropLast, string what)
    {
        if (dropLast && size > Count)
        {
            throw new ArgumentOutOfRangeException(nameof(size), size, $"Without the last batch there is none: there are {Count} {what}.");
        }

        return (Count / size) + (dropLast || Count % size == 0 ? 0 : 1);
    }

    /// <summary>Positions in the list of indices.</summary>
    private protected abstract int[] Places(RandomKey key);

    private static int[] Check(IEnumerable<int> indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        int[] copy = [.. indices];
        if (copy.Length == 0)
        {
            throw new ArgumentException("Expected at least one sample, found none.", nameof(indices));
        }

        return copy.Min() >= 0 ? copy : throw new ArgumentException($"Expected indices of at least 0, found {copy.Min()}.", nameof(indices));
    }

    private static void CheckLength(int[] indices, int count, string name, string what)
    {
        if (indices.Length != count)
        {
            throw new ArgumentException($"Expected as many {what} as indices, {indices.Length}, found {count}.", name);
        }
    }

    private static int CheckCount(int count) =>
        count >= 1 ? count : throw new ArgumentOutOfRangeException(nameof(count), count, "An epoch has at least one sample.");
}

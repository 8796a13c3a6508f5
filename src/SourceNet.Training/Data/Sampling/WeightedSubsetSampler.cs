namespace SourceNet.Training;

/// <summary>
/// Samples in proportion to their weights, without replacement: an exponential number of rate w for each, those with the least ones in their order (Efraimidis
/// and Spirakis 2006). The same as drawing one after the other from what is left.
/// </summary>
internal sealed class WeightedSubsetSampler : Sampler
{
    private readonly double[] weights;

    internal WeightedSubsetSampler(int[] indices, IReadOnlyList<double> weights, int count)
        : base(indices)
    {
        SamplingWeights.Check(weights);
        var possible = weights.Count(weight => weight > 0);
        if (count > possible)
        {
            throw new ArgumentException($"Without replacement an epoch has at most the {possible} samples with a weight above 0, and {count} are asked for.",
                nameof(count));
        }

        (this.weights, Count) = ([.. weights], count);
    }

    public override int Count { get; }

    private protected override int[] Places(RandomKey key)
    {
        var stream = key.Stream(RandomPurpose.Sampling);
        var keys = new double[weights.Length];
        int[] places = [.. Enumerable.Range(0, keys.Length)];
        for (var place = 0; place < keys.Length; place++)
        {
            var exponential = -Math.Log(1 - stream.Uniform());
            keys[place] = weights[place] > 0 ? exponential / weights[place] : double.PositiveInfinity;
        }

        // Places of equal keys, those of tiny weights, stay in their order.
        Array.Sort(places, (one, other) => keys[one].CompareTo(keys[other]) is var order and not 0 ? order : one.CompareTo(other));
        return places[..Count];
    }
}

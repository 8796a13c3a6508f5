namespace SourceNet.Training;

/// <summary>Samples in proportion to their weights, with replacement.</summary>
internal sealed class WeightedSampler : Sampler
{
    /// <summary>The sum of the weights up to and with each sample.</summary>
    private readonly double[] sums;
    private readonly int last;

    internal WeightedSampler(int[] indices, IReadOnlyList<double> weights, int count)
        : base(indices)
    {
        SamplingWeights.Check(weights);
        (sums, Count) = (new double[weights.Count], count);
        for (var (place, sum) = (0, 0.0); place < weights.Count; place++)
        {
            sum += weights[place];
            sums[place] = sum;
            last = weights[place] > 0 ? place : last;
        }

        if (!double.IsFinite(sums[^1]))
        {
            throw new ArgumentException("Expected weights with a finite sum, found one that is too large.", nameof(weights));
        }
    }

    public override int Count { get; }

    private protected override int[] Places(RandomKey key)
    {
        var stream = key.Stream(RandomPurpose.Sampling);
        var places = new int[Count];
        for (var draw = 0; draw < places.Length; draw++)
        {
            places[draw] = Find(stream.Uniform() * sums[^1]);
        }

        return places;
    }

    /// <summary>The first sample whose sum is above a point. A product that is rounded up to the whole sum belongs to the last one.</summary>
    private int Find(double point)
    {
        var (low, high) = (0, last);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = sums[middle] > point ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}

namespace SourceNet.Training;

/// <summary>Checks weights that samples are drawn by.</summary>
internal static class SamplingWeights
{
    /// <exception cref="ArgumentException">One is negative or not finite, or none is above 0.</exception>
    internal static void Check(IReadOnlyList<double> weights)
    {
        for (var place = 0; place < weights.Count; place++)
        {
            if (!(weights[place] >= 0 && double.IsFinite(weights[place])))
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"Expected weights that are at least 0 and finite, found {weights[place]} at index {place}."), nameof(weights));
            }
        }

        if (!weights.Any(weight => weight > 0))
        {
            throw new ArgumentException("Expected a weight above 0, found none: nothing could be drawn.", nameof(weights));
        }
    }
}

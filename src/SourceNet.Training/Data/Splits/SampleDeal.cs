namespace SourceNet.Training;

/// <summary>
/// Deals samples out to parts, class by class. A class with at least as many samples as there are parts is in every part; where its share is at least one
/// sample in each, the number in a part is its exact share, rounded up or down, and who gets what is left over is who lacks most in total.
/// </summary>
internal static class SampleDeal
{
    /// <param name="classes">The class of each sample.</param>
    /// <param name="shares">The share of each part, above 0; they sum up to 1.</param>
    /// <param name="stream">What the choice depends on.</param>
    /// <returns>The samples of each part, in ascending order.</returns>
    /// <exception cref="ArgumentException">A class has fewer samples than there are parts.</exception>
    internal static int[][] Of(Kinds classes, double[] shares, RandomStream stream)
    {
        var parts = shares.Select(_ => new List<int>()).ToArray();
        var members = classes.Members();
        var seen = 0;
        for (var number = 0; number < members.Length; number++)
        {
            var samples = members[number];
            if (samples.Length < shares.Length)
            {
                throw new ArgumentException(
                    $"Expected at least {shares.Length} samples of each class, one for each part, found {samples.Length} of class {classes.Names[number]}: "
                    + "leave the class out, put it together with another, or split without classes.",
                    nameof(classes));
            }

            seen += samples.Length;
            var counts = Counts(samples.Length, shares, parts.Select((part, index) => (shares[index] * seen) - part.Count).ToArray());
            var order = stream.Permutation(samples.Length);
            for (var (part, place) = (0, 0); part < parts.Length; part++)
            {
                for (var rank = 0; rank < counts[part]; rank++, place++)
                {
                    parts[part].Add(samples[order[place]]);
                }
            }
        }

        return [.. parts.Select(part => part.Order().ToArray())];
    }

    /// <param name="count">The samples of a class.</param>
    /// <param name="shares">The share of each part.</param>
    /// <param name="lacks">What each part lacks in total with this class.</param>
    private static int[] Counts(int count, double[] shares, double[] lacks)
    {
        // A product such as 0.1 · 30 may be a hair below the whole number that it is.
        int[] counts = [.. shares.Select(share => Math.Max(1, (int)Math.Floor((share * count) + 1e-9)))];
        var left = count - counts.Sum();
        var rounded = Enumerable.Range(0, shares.Length).Where(part => (shares[part] * count) - counts[part] > 1e-9);
        foreach (var part in rounded.OrderByDescending(part => lacks[part] - counts[part]).Take(Math.Max(0, left)).ToArray())
        {
            counts[part]++;
            left--;
        }

        // The parts whose share is less than a sample got a whole one: the largest give it.
        for (; left < 0; left++)
        {
            counts[Array.IndexOf(counts, counts.Max())]--;
        }

        return counts;
    }
}

namespace SourceNet.Training;

/// <summary>
/// Deals whole groups out to parts, the largest first, each to the part that is then least full of the group's classes. As in scikit-learn's
/// <c>StratifiedGroupKFold</c> the shares are met as well as the groups allow.
/// </summary>
internal static class GroupDeal
{
    /// <param name="classes">The class of each sample.</param>
    /// <param name="groups">The group of each sample.</param>
    /// <param name="shares">The share of each part, above 0; they sum up to 1.</param>
    /// <param name="stream">What the order of groups of one size depends on.</param>
    /// <returns>The samples of each part, in ascending order.</returns>
    /// <exception cref="ArgumentException">There are fewer groups than parts.</exception>
    internal static int[][] Of(Kinds classes, Kinds groups, double[] shares, RandomStream stream)
    {
        var members = groups.Members();
        if (members.Length < shares.Length)
        {
            throw new ArgumentException($"Expected at least {shares.Length} groups, one for each part, found {members.Length}.", nameof(groups));
        }

        var totals = Count(classes, Enumerable.Range(0, classes.Numbers.Length));
        var given = shares.Select(_ => new double[totals.Length]).ToArray();
        var parts = shares.Select(_ => new List<int>()).ToArray();
        var left = members.Length;
        foreach (var group in stream.Permutation(members.Length).OrderByDescending(group => members[group].Length))
        {
            var counts = Count(classes, members[group]);
            var empty = parts.Count(part => part.Count == 0);
            var part = Enumerable.Range(0, shares.Length)
                .Where(part => left > empty || parts[part].Count == 0)
                .MinBy(part => Fullness(given[part], counts, totals, shares[part]));
            parts[part].AddRange(members[group]);
            for (var kind = 0; kind < counts.Length; kind++)
            {
                given[part][kind] += counts[kind];
            }

            left--;
        }

        return [.. parts.Select(part => part.Order().ToArray())];
    }

    /// <summary>How full a part would be of what the group has, 1 where its share is met; rare classes count as much as frequent ones.</summary>
    private static double Fullness(double[] given, double[] counts, double[] totals, double share)
    {
        var (sum, weight) = (0.0, 0.0);
        for (var kind = 0; kind < counts.Length; kind++)
        {
            sum += counts[kind] / totals[kind] * ((given[kind] + counts[kind]) / (share * totals[kind]));
            weight += counts[kind] / totals[kind];
        }

        return sum / weight;
    }

    private static double[] Count(Kinds classes, IEnumerable<int> samples)
    {
        var counts = new double[classes.Names.Length];
        foreach (var sample in samples)
        {
            counts[classes.Numbers[sample]]++;
        }

        return counts;
    }
}

namespace SourceNet.Training;

/// <summary>As many samples of each class.</summary>
/// <param name="indices">The indices of the samples.</param>
/// <param name="members">The positions of the samples of each class.</param>
/// <param name="count">The number of samples in an epoch.</param>
internal sealed class ClassBalancedSampler(int[] indices, int[][] members, int count) : Sampler(indices)
{
    public override int Count => count;

    private protected override int[] Places(RandomKey key)
    {
        var stream = key.Stream(RandomPurpose.Sampling);
        // Which classes have one sample more changes from epoch to epoch.
        var order = stream.Permutation(members.Length);
        var places = new List<int>(count);
        for (var rank = 0; rank < order.Length; rank++)
        {
            var share = (count / order.Length) + (rank < count % order.Length ? 1 : 0);
            Add(ref stream, members[order[rank]], share, places);
        }

        return [.. stream.Permutation(count).Select(place => places[place])];
    }

    private static void Add(ref RandomStream stream, int[] members, int share, List<int> places)
    {
        while (share > 0)
        {
            var round = stream.Permutation(members.Length);
            for (var rank = 0; rank < round.Length && share > 0; rank++, share--)
            {
                places.Add(members[round[rank]]);
            }
        }
    }
}

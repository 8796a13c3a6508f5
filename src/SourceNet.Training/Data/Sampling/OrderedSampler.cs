namespace SourceNet.Training;

/// <summary>Each sample once.</summary>
internal sealed class OrderedSampler(int[] indices, bool shuffle) : Sampler(indices)
{
    internal override bool KeepsOrder => !shuffle;

    public override int Count => Choices;

    private protected override int[] Places(RandomKey key) =>
        shuffle ? key.Stream(RandomPurpose.Shuffle).Permutation(Choices) : [.. Enumerable.Range(0, Choices)];
}

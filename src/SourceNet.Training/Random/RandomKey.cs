namespace SourceNet.Training;

/// <summary>What a random draw depends on, and nothing else: not the batch that a sample is in, not the thread, not what was drawn before.</summary>
/// <param name="Seed">The seed of the run.</param>
/// <param name="Epoch">The epoch.</param>
/// <param name="Index">The index of the sample in its data set; for what is drawn once a batch, the number of the batch in its epoch.</param>
public readonly record struct RandomKey(long Seed, int Epoch, int Index)
{
    /// <summary>Random numbers for one purpose. Those of two purposes are independent, so that a flip does not change what is cropped.</summary>
    internal RandomStream Stream(RandomPurpose purpose)
    {
        var mixed = RandomStream.Mix((ulong)Seed);
        mixed = RandomStream.Mix(mixed ^ (uint)Epoch);
        mixed = RandomStream.Mix(mixed ^ (uint)Index);
        return new(RandomStream.Mix(mixed ^ (uint)purpose));
    }
}

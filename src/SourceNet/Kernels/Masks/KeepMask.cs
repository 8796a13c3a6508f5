namespace SourceNet.Kernels.Masks;

/// <summary>
/// Which elements a dropout keeps. Nothing is stored: whether element i stays is a hash of i and two numbers drawn once, which the backward pass computes again. Neither threads nor the width of vectors
/// change it.
/// </summary>
/// <remarks>The hash is Wellons' <c>lowbias32</c> of i and one number, which takes in the other before its second product, and a third product.</remarks>
internal readonly struct KeepMask
{
    internal const uint First = 0x7feb352d;
    internal const uint Second = 0x846ca68b;
    internal const uint Third = 0x9e3779b1;

    /// <summary>Hashes have 24 bits, so that a rate is exact to 6e-8.</summary>
    private const int Range = 1 << 24;

    internal readonly uint Low;
    internal readonly uint High;

    /// <summary>Hashes from here on stay.</summary>
    internal readonly int Threshold;

    /// <summary>What kept elements are multiplied with: 1 / (1 − rate); 0 at rate 1, where none is kept.</summary>
    internal readonly float Scale;

    internal KeepMask(long seed, double rate)
    {
        Low = (uint)seed;
        High = (uint)(seed >> 32);
        Threshold = (int)Math.Round(rate * Range);
        Scale = rate < 1 ? (float)(1 / (1 - rate)) : 0;
    }

    /// <summary>A mask of its own for one call. The seed is drawn from torch's default generator, so that <c>torch.manual_seed</c> repeats it.</summary>
    internal static KeepMask Draw(double rate) => new((long)MaskSeed.Next(), rate);

    internal bool Keeps(uint index)
    {
        var bits = index ^ Low;
        bits ^= bits >> 16;
        bits *= First;
        bits ^= bits >> 15;
        bits = (bits + High) * Second;
        bits ^= bits >> 16;
        bits *= Third;
        bits ^= bits >> 15;
        return bits >> 8 >= (uint)Threshold;
    }
}

using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Masks;

/// <summary>
/// Which elements dropout keeps: a function of a seed and of an element's index alone, so that a backward pass computes the mask again instead of reading a
/// stored one. It does not depend on the
/// number of threads, on how the elements are cut into chunks, or on the width of vectors.
/// </summary>
/// <remarks>
/// The index is hashed with three multiplications (the constants of Wellons' <c>triple32</c>, <see href="https://github.com/skeeto/hash-prospector"/>). Half of
/// the seed is added before the first and half
/// is mixed in after it, so that the masks of two seeds are not shifted copies of one another.
/// </remarks>
internal readonly struct DropoutMask : IMask
{
    private readonly uint seedBefore;
    private readonly uint seedAfter;
    private readonly int threshold;
    private readonly float scale;

    /// <param name="seed">Any number.</param>
    /// <param name="rate">The probability that an element is dropped, in [0, 1].</param>
    internal DropoutMask(ulong seed, double rate)
    {
        var mixed = Mixed(seed);
        seedBefore = (uint)mixed;
        seedAfter = (uint)(mixed >> 32);
        // Hashes are compared as numbers with a sign. No hash is below the smallest one: at a rate of 1 nothing is kept.
        threshold = (int)Math.Min(int.MaxValue, Math.Round((1 - rate) * 4294967296.0) + int.MinValue);
        Scale = rate < 1 ? 1 / (1 - rate) : 0;
        scale = (float)Scale;
    }

    public static MaskGranularity Granularity => MaskGranularity.Elements;

    /// <summary>1/(1 − rate), 0 for a rate of 1.</summary>
    internal double Scale { get; }

    /// <summary>1/(1 − rate) for the elements that are kept, 0 for the others.</summary>
    /// <param name="index">The index of the first lane's element.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TVector Factors<TVector>(uint index)
        where TVector : struct, ISimdVector<TVector>
    {
        var bits = TVector.AddBits(TVector.Indices, TVector.BroadcastBits(index + seedBefore));
        bits = TVector.MultiplyBits(bits ^ TVector.ShiftBitsRight(bits, 17), TVector.BroadcastBits(0xed5a_d4bb)) ^ TVector.BroadcastBits(seedAfter);
        bits = TVector.MultiplyBits(bits ^ TVector.ShiftBitsRight(bits, 11), TVector.BroadcastBits(0xac4c_1b51));
        bits = TVector.MultiplyBits(bits ^ TVector.ShiftBitsRight(bits, 15), TVector.BroadcastBits(0x3184_8bab));
        return TVector.ConditionalSelect(TVector.LessThanBits(bits, TVector.BroadcastBits((uint)threshold)), TVector.Broadcast(scale), TVector.Broadcast(0));
    }

    /// <summary>The factor of one element, or of whatever else is counted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal float Factor(uint index) => Factors<SimdVector128>(index).FirstLane;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector>(TVector value, uint index)
        where TVector : struct, ISimdVector<TVector> => value * Factors<TVector>(index);

    public float OfChannel(long index) => 1;

    /// <summary>The finalizer of SplitMix64 (Steele et al. 2014): seeds that differ in little give halves that differ in half of their bits.</summary>
    private static ulong Mixed(ulong seed)
    {
        seed += 0x9E37_79B9_7F4A_7C15;
        seed = (seed ^ (seed >> 30)) * 0xBF58_476D_1CE4_E5B9;
        seed = (seed ^ (seed >> 27)) * 0x94D0_49BB_1331_11EB;
        return seed ^ (seed >> 31);
    }
}

using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Masks;

/// <summary>What has one factor.</summary>
internal enum MaskGranularity
{
    /// <summary>Everything: nothing is dropped.</summary>
    None,

    /// <summary>Each element.</summary>
    Elements,

    /// <summary>Each channel of each sample.</summary>
    Channels,
}

/// <summary>
/// What results are multiplied with at the end: dropout. It multiplies, as libtorch does, so that what is not a number stays so even where it is dropped.
/// </summary>
internal interface IMask
{
    static abstract MaskGranularity Granularity { get; }

    /// <summary>The elements times their factors; just the elements if those have none of their own.</summary>
    /// <param name="value">Elements that follow one another.</param>
    /// <param name="index">The index of the first lane's element.</param>
    TVector Apply<TVector>(TVector value, uint index)
        where TVector : struct, ISimdVector<TVector>;

    /// <summary>The factor of a channel of a sample; 1 if those have none.</summary>
    /// <param name="index">Counted over samples and channels.</param>
    float OfChannel(long index);
}

/// <summary>Nothing is dropped.</summary>
internal readonly struct NoMask : IMask
{
    public static MaskGranularity Granularity => MaskGranularity.None;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector>(TVector value, uint index)
        where TVector : struct, ISimdVector<TVector> => value;

    public float OfChannel(long index) => 1;
}

/// <summary>Spatial dropout: a channel of a sample is kept or dropped as a whole.</summary>
internal readonly struct ChannelMask(DropoutMask mask) : IMask
{
    private readonly DropoutMask mask = mask;

    public static MaskGranularity Granularity => MaskGranularity.Channels;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector>(TVector value, uint index)
        where TVector : struct, ISimdVector<TVector> => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float OfChannel(long index) => mask.Factor((uint)index);
}

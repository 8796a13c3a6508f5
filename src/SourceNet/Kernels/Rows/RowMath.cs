using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Rows;

/// <summary>The formulas that the forward and the backward pass share, so that both round alike.</summary>
internal static class RowMath
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Normalized<TNorm, TLanes>(TLanes x, TLanes mean, TLanes inverse)
        where TNorm : unmanaged, INorm
        where TLanes : struct, ILanes<TLanes> =>
        TNorm.Centers ? (x - mean) * inverse : x * inverse;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Affine<TNorm, TLanes>(TLanes normalized, TLanes weight, TLanes bias)
        where TNorm : unmanaged, INorm
        where TLanes : struct, ILanes<TLanes> =>
        TNorm.Centers ? TLanes.MultiplyAdd(normalized, weight, bias) : normalized * weight;
}

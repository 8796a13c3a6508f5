using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Rows;

/// <summary>A row whose statistics are known, one vector of it at a time.</summary>
/// <param name="x">The input of the norm.</param>
/// <param name="weight">[features], null for ones.</param>
/// <param name="bias">[features], null for zeros.</param>
/// <param name="mean">In each lane; not used by a norm that does not center.</param>
/// <param name="inverse">In each lane, what the row is multiplied with.</param>
internal readonly unsafe struct NormalizedRow<TNorm, TVector>(float* x, float* weight, float* bias, TVector mean, TVector inverse)
    where TNorm : struct, IRowNorm
    where TVector : unmanaged, ISimdVector<TVector>
{
    private readonly float* x = x;
    private readonly float* weight = weight;
    private readonly float* bias = bias;
    private readonly TVector mean = mean;
    private readonly TVector inverse = inverse;

    /// <summary>x̂</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TVector Normalized<TExtent>(int index, TExtent extent)
        where TExtent : struct, IVectorExtent
    {
        var value = extent.Load<TVector>(x + index);
        return TNorm.Centers ? (value - mean) * inverse : value * inverse;
    }

    /// <summary>x̂ · weight + bias</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TVector Affine<TExtent>(TVector normalized, int index, TExtent extent)
        where TExtent : struct, IVectorExtent
    {
        var scaled = Weighted(normalized, index, extent);
        return TNorm.Centers && bias is not null ? scaled + extent.Load<TVector>(bias + index) : scaled;
    }

    /// <summary>A value times the weight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TVector Weighted<TExtent>(TVector value, int index, TExtent extent)
        where TExtent : struct, IVectorExtent => weight is null ? value : value * extent.Load<TVector>(weight + index);
}

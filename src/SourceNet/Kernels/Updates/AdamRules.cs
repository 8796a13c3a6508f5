using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Updates;

/// <summary><c>m ← β₁ m + (1 − β₁) g</c>, <c>v ← β₂ v + (1 − β₂) g²</c>, along <c>m / (√v̂ + ε)</c>. The rate corrects m.</summary>
internal readonly struct AdamRule : IUpdateRule
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Direction<TVector, TExtent>(in UpdateCoefficients coefficients, TVector scale, in TensorPointers at, long index, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent
    {
        var gradient = DescentRule.Direction(coefficients, scale, at, index, extent);
        var second = MovingAverage.Second(coefficients, gradient, at, index, extent);
        return MovingAverage.First(coefficients, gradient, at, index, extent) / MovingAverage.Root(coefficients, second);
    }
}

/// <summary>As <see cref="AdamRule"/>, with the largest v so far in place of v (Reddi et al. 2018).</summary>
internal readonly unsafe struct AmsGradRule : IUpdateRule
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Direction<TVector, TExtent>(in UpdateCoefficients coefficients, TVector scale, in TensorPointers at, long index, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent
    {
        var gradient = DescentRule.Direction(coefficients, scale, at, index, extent);
        var second = MovingAverage.Second(coefficients, gradient, at, index, extent);
        // Of the two v is the one that stays not-a-number from the first such gradient on.
        var largest = TVector.Max(second, extent.Load<TVector>(at.MaxSecondMoment + index));
        extent.Store(largest, at.MaxSecondMoment + index);
        return MovingAverage.First(coefficients, gradient, at, index, extent) / MovingAverage.Root(coefficients, largest);
    }
}

/// <summary>As <see cref="AdamRule"/>, but along the gradient and the m of the next step: NAdam.</summary>
internal readonly struct NAdamRule : IUpdateRule
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Direction<TVector, TExtent>(in UpdateCoefficients coefficients, TVector scale, in TensorPointers at, long index, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent
    {
        var gradient = DescentRule.Direction(coefficients, scale, at, index, extent);
        var second = MovingAverage.Second(coefficients, gradient, at, index, extent);
        var first = MovingAverage.First(coefficients, gradient, at, index, extent);
        return NesterovRule.Ahead(coefficients, gradient, first) / MovingAverage.Root(coefficients, second);
    }
}

/// <summary>Along <c>m̂ / (√v̂ + ε) + λ w</c>, by moments that have taken in the gradient before: LAMB.</summary>
internal readonly unsafe struct LambRule : IUpdateRule
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Direction<TVector, TExtent>(in UpdateCoefficients coefficients, TVector scale, in TensorPointers at, long index, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent =>
        Of(coefficients, extent.Load<TVector>(at.FirstMoment + index), extent.Load<TVector>(at.SecondMoment + index), at, index, extent);

    /// <summary>The same direction, by moments that take in the gradient now.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector FirstDirection<TVector, TExtent>(
        in UpdateCoefficients coefficients, TVector scale, in TensorPointers at, long index, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent
    {
        var gradient = DescentRule.Direction(coefficients, scale, at, index, extent);
        var second = MovingAverage.Second(coefficients, gradient, at, index, extent);
        return Of(coefficients, MovingAverage.First(coefficients, gradient, at, index, extent), second, at, index, extent);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Of<TVector, TExtent>(
        in UpdateCoefficients coefficients, TVector first, TVector second, in TensorPointers at, long index, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent
    {
        var ratio = first * TVector.Broadcast(coefficients.FirstCorrection) / MovingAverage.Root(coefficients, second);
        return TVector.MultiplyAdd(TVector.Broadcast(coefficients.Decay), extent.Load<TVector>(at.Weight + index), ratio);
    }
}

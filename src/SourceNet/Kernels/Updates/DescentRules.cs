using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Updates;

/// <summary>Along the gradient g.</summary>
internal readonly unsafe struct DescentRule : IUpdateRule
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Direction<TVector, TExtent>(in UpdateCoefficients coefficients, TVector scale, in TensorPointers at, long index, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent => extent.Load<TVector>(at.Gradient + index) * scale;
}

/// <summary><c>u ← μ u + (1 − dampening) g</c>, along u.</summary>
internal readonly struct MomentumRule : IUpdateRule
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Direction<TVector, TExtent>(in UpdateCoefficients coefficients, TVector scale, in TensorPointers at, long index, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent =>
        MovingAverage.First(coefficients, DescentRule.Direction(coefficients, scale, at, index, extent), at, index, extent);
}

/// <summary>As <see cref="MomentumRule"/>, but along <c>g + μ u</c>.</summary>
internal readonly struct NesterovRule : IUpdateRule
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Direction<TVector, TExtent>(in UpdateCoefficients coefficients, TVector scale, in TensorPointers at, long index, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent
    {
        var gradient = DescentRule.Direction(coefficients, scale, at, index, extent);
        return Ahead(coefficients, gradient, MovingAverage.First(coefficients, gradient, at, index, extent));
    }

    /// <summary>The gradient, and so much of the velocity as the next step would add.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Ahead<TVector>(in UpdateCoefficients coefficients, TVector gradient, TVector velocity)
        where TVector : unmanaged, ISimdVector<TVector> => TVector.MultiplyAdd(velocity, TVector.Broadcast(coefficients.NesterovRatio), gradient);
}

/// <summary>Along the signs of <c>β₁ m + (1 − β₁) g</c>, then <c>m ← β₂ m + (1 − β₂) g</c>: Lion.</summary>
internal readonly unsafe struct LionRule : IUpdateRule
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Direction<TVector, TExtent>(in UpdateCoefficients coefficients, TVector scale, in TensorPointers at, long index, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent
    {
        var gradient = DescentRule.Direction(coefficients, scale, at, index, extent);
        var kept = TVector.Broadcast(coefficients.Beta1) * extent.Load<TVector>(at.FirstMoment + index);
        var mixed = TVector.MultiplyAdd(TVector.Broadcast(coefficients.GradientFactor), gradient, kept);
        MovingAverage.Add(at.FirstMoment + index, coefficients.Beta2, coefficients.SquareFactor, gradient, extent);
        return Sign(mixed);
    }

    /// <summary>−1, 0 or 1; not-a-number for what is not finite, which must not be lost in a sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sign<TVector>(TVector value)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        var (zero, one) = (TVector.Broadcast(0), TVector.Broadcast(1));
        return TVector.MultiplyAdd(value, zero, ((value > zero) & one) - ((value < zero) & one));
    }
}

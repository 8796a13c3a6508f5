using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Updates;

/// <summary><c>m ← β₁ m + (1 − β₁) g</c>, <c>v ← β₂ v + (1 − β₂) g²</c>, <c>w ← (1 − lr · decay) w − lr m̂ / (√v̂ + ε)</c>, then L1 and lower bound.</summary>
internal readonly unsafe struct AdamRule : IUpdateRule
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Step<TVector, TExtent>(in UpdateCoefficients coefficients, TVector scale, in TensorPointers at, long index, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent
    {
        var gradient = extent.Load<TVector>(at.Gradient + index) * scale;
        var second = SecondMoment(coefficients, gradient, at, index, extent);
        Follow(coefficients, gradient, second, at, index, extent);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector SecondMoment<TVector, TExtent>(
        in UpdateCoefficients coefficients, TVector gradient, in TensorPointers at, long index, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent
    {
        var kept = TVector.Broadcast(coefficients.Beta2) * extent.Load<TVector>(at.SecondMoment + index);
        var second = TVector.MultiplyAdd(TVector.Broadcast(coefficients.SquareFactor) * gradient, gradient, kept);
        extent.Store(second, at.SecondMoment + index);
        return second;
    }

    /// <summary>The first moment, and the weight by it and by a second one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Follow<TVector, TExtent>(
        in UpdateCoefficients coefficients, TVector gradient, TVector second, in TensorPointers at, long index, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent
    {
        var first = MomentumRule.Velocity(coefficients, gradient, at, index, extent);
        var denominator = TVector.MultiplyAdd(TVector.Sqrt(second), TVector.Broadcast(coefficients.InverseRootCorrection),
            TVector.Broadcast(coefficients.Epsilon));
        var weight = extent.Load<TVector>(at.Weight + index) * TVector.Broadcast(coefficients.DecayFactor);
        weight = TVector.MultiplyAdd(first / denominator, TVector.Broadcast(coefficients.Rate), weight);
        extent.Store(Proximal.Of(coefficients, weight), at.Weight + index);
    }
}

/// <summary>As <see cref="AdamRule"/>, with the largest v so far in place of v (Reddi et al. 2018).</summary>
internal readonly unsafe struct AmsGradRule : IUpdateRule
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Step<TVector, TExtent>(in UpdateCoefficients coefficients, TVector scale, in TensorPointers at, long index, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent
    {
        var gradient = extent.Load<TVector>(at.Gradient + index) * scale;
        var second = AdamRule.SecondMoment(coefficients, gradient, at, index, extent);
        // Of the two v is the one that stays not-a-number from the first such gradient on.
        var largest = TVector.Max(second, extent.Load<TVector>(at.MaxSecondMoment + index));
        extent.Store(largest, at.MaxSecondMoment + index);
        AdamRule.Follow(coefficients, gradient, largest, at, index, extent);
    }
}

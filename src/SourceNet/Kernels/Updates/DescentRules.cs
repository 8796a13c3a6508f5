using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Updates;

/// <summary><c>w ← (1 − lr · decay) w − lr g</c>, then L1 and lower bound.</summary>
internal readonly unsafe struct DescentRule : IUpdateRule
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Step<TVector, TExtent>(in UpdateCoefficients coefficients, TVector scale, in TensorPointers at, long index, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent
    {
        var gradient = extent.Load<TVector>(at.Gradient + index) * scale;
        var weight = extent.Load<TVector>(at.Weight + index) * TVector.Broadcast(coefficients.DecayFactor);
        weight = TVector.MultiplyAdd(gradient, TVector.Broadcast(coefficients.Rate), weight);
        extent.Store(Proximal.Of(coefficients, weight), at.Weight + index);
    }
}

/// <summary><c>u ← μ u + (1 − dampening) g</c>, <c>w ← (1 − lr · decay) w − lr u</c>, then L1 and lower bound.</summary>
internal readonly unsafe struct MomentumRule : IUpdateRule
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Step<TVector, TExtent>(in UpdateCoefficients coefficients, TVector scale, in TensorPointers at, long index, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent
    {
        var gradient = extent.Load<TVector>(at.Gradient + index) * scale;
        var velocity = Velocity(coefficients, gradient, at, index, extent);
        var weight = extent.Load<TVector>(at.Weight + index) * TVector.Broadcast(coefficients.DecayFactor);
        weight = TVector.MultiplyAdd(velocity, TVector.Broadcast(coefficients.Rate), weight);
        extent.Store(Proximal.Of(coefficients, weight), at.Weight + index);
    }

    /// <summary>The velocity after this gradient; Adam's first moment is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Velocity<TVector, TExtent>(in UpdateCoefficients coefficients, TVector gradient, in TensorPointers at, long index, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent
    {
        var kept = TVector.Broadcast(coefficients.Beta1) * extent.Load<TVector>(at.FirstMoment + index);
        var velocity = TVector.MultiplyAdd(TVector.Broadcast(coefficients.GradientFactor), gradient, kept);
        extent.Store(velocity, at.FirstMoment + index);
        return velocity;
    }
}

/// <summary>As <see cref="MomentumRule"/>, but <c>w ← (1 − lr · decay) w − lr (g + μ u)</c>.</summary>
internal readonly unsafe struct NesterovRule : IUpdateRule
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Step<TVector, TExtent>(in UpdateCoefficients coefficients, TVector scale, in TensorPointers at, long index, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent
    {
        var gradient = extent.Load<TVector>(at.Gradient + index) * scale;
        var velocity = MomentumRule.Velocity(coefficients, gradient, at, index, extent);
        var weight = extent.Load<TVector>(at.Weight + index) * TVector.Broadcast(coefficients.DecayFactor);
        weight = TVector.MultiplyAdd(gradient, TVector.Broadcast(coefficients.Rate), weight);
        weight = TVector.MultiplyAdd(velocity, TVector.Broadcast(coefficients.NesterovRate), weight);
        extent.Store(Proximal.Of(coefficients, weight), at.Weight + index);
    }
}

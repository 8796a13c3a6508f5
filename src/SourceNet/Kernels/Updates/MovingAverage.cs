using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Updates;

/// <summary>Exponential moving averages in memory, and sums that are built like them: velocities.</summary>
internal static unsafe class MovingAverage
{
    /// <summary><c>average ← keep · average + take · value</c></summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Add<TVector, TExtent>(float* average, float keep, float take, TVector value, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent
    {
        var kept = TVector.Broadcast(keep) * extent.Load<TVector>(average);
        var added = TVector.MultiplyAdd(TVector.Broadcast(take), value, kept);
        extent.Store(added, average);
        return added;
    }

    /// <summary>Adam's first moment, or the velocity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector First<TVector, TExtent>(in UpdateCoefficients coefficients, TVector gradient, in TensorPointers at, long index, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent =>
        Add(at.FirstMoment + index, coefficients.Beta1, coefficients.GradientFactor, gradient, extent);

    /// <summary>The second moment, whose values are the gradient's squares.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Second<TVector, TExtent>(in UpdateCoefficients coefficients, TVector gradient, in TensorPointers at, long index, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent
    {
        var kept = TVector.Broadcast(coefficients.Beta2) * extent.Load<TVector>(at.SecondMoment + index);
        var second = TVector.MultiplyAdd(TVector.Broadcast(coefficients.SquareFactor) * gradient, gradient, kept);
        extent.Store(second, at.SecondMoment + index);
        return second;
    }

    /// <summary>What Adam divides by, <c>√v̂ + ε</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Root<TVector>(in UpdateCoefficients coefficients, TVector second)
        where TVector : unmanaged, ISimdVector<TVector> =>
        TVector.MultiplyAdd(TVector.Sqrt(second), TVector.Broadcast(coefficients.InverseRootCorrection), TVector.Broadcast(coefficients.Epsilon));
}

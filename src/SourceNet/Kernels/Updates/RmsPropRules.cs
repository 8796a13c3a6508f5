using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Updates;

/// <summary>What RMSprop divides the gradient by.</summary>
internal interface IGradientSize
{
    static abstract TVector Of<TVector, TExtent>(in UpdateCoefficients coefficients, TVector gradient, in TensorPointers at, long index, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent;
}

/// <summary>The root of the mean square, <c>√v + ε</c>.</summary>
internal readonly struct RootMeanSquare : IGradientSize
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TVector, TExtent>(in UpdateCoefficients coefficients, TVector gradient, in TensorPointers at, long index, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent => MovingAverage.Root(coefficients, MovingAverage.Second(coefficients, gradient, at, index, extent));
}

/// <summary>The standard deviation, <c>√(v − ḡ²) + ε</c>.</summary>
internal readonly unsafe struct StandardDeviation : IGradientSize
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TVector, TExtent>(in UpdateCoefficients coefficients, TVector gradient, in TensorPointers at, long index, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent
    {
        var second = MovingAverage.Second(coefficients, gradient, at, index, extent);
        var mean = MovingAverage.Add(at.GradientMean + index, coefficients.Beta2, coefficients.SquareFactor, gradient, extent);
        // Of gradients that do not change, rounding may leave less than nothing.
        return MovingAverage.Root(coefficients, TVector.Max(second - (mean * mean), TVector.Broadcast(0)));
    }
}

/// <summary>Along the gradient, divided by its size.</summary>
internal readonly struct RmsPropRule<TSize> : IUpdateRule
    where TSize : struct, IGradientSize
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Direction<TVector, TExtent>(in UpdateCoefficients coefficients, TVector scale, in TensorPointers at, long index, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent
    {
        var gradient = DescentRule.Direction(coefficients, scale, at, index, extent);
        return gradient / TSize.Of(coefficients, gradient, at, index, extent);
    }
}

/// <summary>Along a velocity of the gradients, each divided by its size.</summary>
internal readonly struct RmsPropMomentumRule<TSize> : IUpdateRule
    where TSize : struct, IGradientSize
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Direction<TVector, TExtent>(in UpdateCoefficients coefficients, TVector scale, in TensorPointers at, long index, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent =>
        MovingAverage.First(coefficients, RmsPropRule<TSize>.Direction(coefficients, scale, at, index, extent), at, index, extent);
}

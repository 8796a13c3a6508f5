using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Rows;

/// <summary>The product <c>silu(gate) · up</c>.</summary>
internal readonly struct GatedProduct : IElementwise
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector>(TVector one, TVector two, uint index)
        where TVector : struct, ISimdVector<TVector> => one * Elementary.Sigmoid(one) * two;
}

/// <summary>The gradients of the product, both in one pass, which computes e^gate once. A gradient that nobody asks for is null.</summary>
internal readonly unsafe struct GatedProductGradient(float* gate, float* up, float* gradient, float* gateGradient, float* upGradient, long count) : ISimdWork
{
    private const int Grain = 1 << 14;

    internal static void Run(float* gate, float* up, float* gradient, float* gateGradient, float* upGradient, long count) =>
        SimdWidth.Run(new GatedProductGradient(gate, up, gradient, gateGradient, upGradient, count), (int)((count + Grain - 1) / Grain));

    public void Run<TVector>(int chunk)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        var start = (long)chunk * Grain;
        Range<TVector>(
            gate + start, up + start, gradient + start, gateGradient is null ? null : gateGradient + start, upGradient is null ? null : upGradient + start, (int)Math.Min(Grain, count - start));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Range<TVector>(float* gate, float* up, float* gradient, float* gateGradient, float* upGradient, int count)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        var index = 0;
        for (; index <= count - TVector.Count; index += TVector.Count)
        {
            Step<TVector, Whole>(gate, up, gradient, gateGradient, upGradient, index, TVector.Count);
        }

        if (index < count)
        {
            RangeEnd<TVector>(gate, up, gradient, gateGradient, upGradient, index, count - index);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void RangeEnd<TVector>(float* gate, float* up, float* gradient, float* gateGradient, float* upGradient, int index, int count)
        where TVector : unmanaged, ISimdVector<TVector> =>
        Step<TVector, Part>(gate, up, gradient, gateGradient, upGradient, index, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TVector, TReach>(float* gate, float* up, float* gradient, float* gateGradient, float* upGradient, int index, int count)
        where TVector : unmanaged, ISimdVector<TVector>
        where TReach : struct, IReach
    {
        var x = TReach.Load<TVector>(gate + index, count);
        var outer = TReach.Load<TVector>(gradient + index, count);
        var sigmoid = Elementary.Sigmoid(x);
        if (gateGradient is not null)
        {
            var slope = sigmoid * TVector.MultiplyAdd(x, TVector.Broadcast(1) - sigmoid, TVector.Broadcast(1));
            TReach.Store(outer * TReach.Load<TVector>(up + index, count) * slope, gateGradient + index, count);
        }

        if (upGradient is not null)
        {
            TReach.Store(outer * (x * sigmoid), upGradient + index, count);
        }
    }
}

using System.Runtime.CompilerServices;
using SourceNet.Kernels.Threads;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Rows;

/// <summary>The product <c>silu(gate) · up</c>.</summary>
internal readonly struct GatedProduct : IElementwise
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Apply<TLanes>(TLanes one, TLanes two, uint index)
        where TLanes : struct, ILanes<TLanes> => one * Elementary.Sigmoid(one) * two;
}

/// <summary>The gradients of the product, both in one pass, which computes e^gate once. A gradient that nobody asks for is null.</summary>
internal readonly unsafe struct GatedProductGradient<TLanes>(float* gate, float* up, float* gradient, float* gateGradient, float* upGradient, long count) : IChunkWork
    where TLanes : struct, ILanes<TLanes>
{
    private const int Grain = 1 << 14;

    internal static void Run(float* gate, float* up, float* gradient, float* gateGradient, float* upGradient, long count) =>
        ChunkLoop.Run(new GatedProductGradient<TLanes>(gate, up, gradient, gateGradient, upGradient, count), (int)((count + Grain - 1) / Grain));

    public void Run(int chunk)
    {
        var start = (long)chunk * Grain;
        Range(
            gate + start, up + start, gradient + start, gateGradient is null ? null : gateGradient + start, upGradient is null ? null : upGradient + start, (int)Math.Min(Grain, count - start));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Range(float* gate, float* up, float* gradient, float* gateGradient, float* upGradient, int count)
    {
        var index = 0;
        for (; index <= count - TLanes.Count; index += TLanes.Count)
        {
            Step<Whole>(gate, up, gradient, gateGradient, upGradient, index, TLanes.Count);
        }

        if (index < count)
        {
            RangeEnd(gate, up, gradient, gateGradient, upGradient, index, count - index);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void RangeEnd(float* gate, float* up, float* gradient, float* gateGradient, float* upGradient, int index, int count) =>
        Step<Part>(gate, up, gradient, gateGradient, upGradient, index, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TReach>(float* gate, float* up, float* gradient, float* gateGradient, float* upGradient, int index, int count)
        where TReach : struct, IReach
    {
        var x = TReach.Load<TLanes>(gate + index, count);
        var outer = TReach.Load<TLanes>(gradient + index, count);
        var sigmoid = Elementary.Sigmoid(x);
        if (gateGradient is not null)
        {
            var slope = sigmoid * TLanes.MultiplyAdd(x, TLanes.All(1) - sigmoid, TLanes.All(1));
            TReach.Store(outer * TReach.Load<TLanes>(up + index, count) * slope, gateGradient + index, count);
        }

        if (upGradient is not null)
        {
            TReach.Store(outer * (x * sigmoid), upGradient + index, count);
        }
    }
}

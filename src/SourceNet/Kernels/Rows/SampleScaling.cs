using System.Runtime.CompilerServices;
using SourceNet.Kernels.Random;
using SourceNet.Kernels.Threads;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Rows;

/// <summary><c>x + factor · body</c> with one factor for each sample of <c>[N, ...]</c>: that of a mask at the sample's index. Without x, the product alone.</summary>
internal readonly unsafe struct SampleScaling<TLanes>(KeepMask mask, float* x, float* body, float* result, long sampleSize, long count) : IChunkWork
    where TLanes : struct, ILanes<TLanes>
{
    private const int Grain = 1 << 15;

    internal static void Run(KeepMask mask, float* x, float* body, float* result, long sampleSize, long count) =>
        ChunkLoop.Run(new SampleScaling<TLanes>(mask, x, body, result, sampleSize, count), (int)((count + Grain - 1) / Grain));

    public void Run(int chunk)
    {
        var end = Math.Min(count, ((long)chunk + 1) * Grain);
        for (var start = (long)chunk * Grain; start < end;)
        {
            var sample = start / sampleSize;
            var length = Math.Min(end, (sample + 1) * sampleSize) - start;
            Range(mask.Factors<TLanes>((uint)sample).First, x is null ? null : x + start, body + start, result + start, (int)length);
            start += length;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Range(float factor, float* x, float* body, float* result, int count)
    {
        var index = 0;
        for (; index <= count - TLanes.Count; index += TLanes.Count)
        {
            Step<Whole>(factor, x, body, result, index, TLanes.Count);
        }

        if (index < count)
        {
            Step<Part>(factor, x, body, result, index, count - index);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TReach>(float factor, float* x, float* body, float* result, int index, int count)
        where TReach : struct, IReach
    {
        var product = TLanes.All(factor) * TReach.Load<TLanes>(body + index, count);
        TReach.Store(x is null ? product : product + TReach.Load<TLanes>(x + index, count), result + index, count);
    }
}

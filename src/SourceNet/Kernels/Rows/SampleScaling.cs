using System.Runtime.CompilerServices;
using SourceNet.Kernels.Random;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Rows;

/// <summary><c>x + factor · body</c> with one factor for each sample of <c>[N, ...]</c>: that of a mask at the sample's index. Without x, the product alone.</summary>
internal readonly unsafe struct SampleScaling(KeepMask mask, float* x, float* body, float* result, long sampleSize, long count) : ISimdWork
{
    private const int Grain = 1 << 15;

    internal static void Run(KeepMask mask, float* x, float* body, float* result, long sampleSize, long count) =>
        SimdWidth.Run(new SampleScaling(mask, x, body, result, sampleSize, count), (int)((count + Grain - 1) / Grain));

    public void Run<TVector>(int chunk)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        var end = Math.Min(count, ((long)chunk + 1) * Grain);
        for (var start = (long)chunk * Grain; start < end;)
        {
            var sample = start / sampleSize;
            var length = Math.Min(end, (sample + 1) * sampleSize) - start;
            Range<TVector>(mask.Factors<TVector>((uint)sample).FirstLane, x is null ? null : x + start, body + start, result + start, (int)length);
            start += length;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Range<TVector>(float factor, float* x, float* body, float* result, int count)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        var index = 0;
        for (; index <= count - TVector.Count; index += TVector.Count)
        {
            Step<TVector, Whole>(factor, x, body, result, index, TVector.Count);
        }

        if (index < count)
        {
            Step<TVector, Part>(factor, x, body, result, index, count - index);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TVector, TReach>(float factor, float* x, float* body, float* result, int index, int count)
        where TVector : unmanaged, ISimdVector<TVector>
        where TReach : struct, IReach
    {
        var product = TVector.Broadcast(factor) * TReach.Load<TVector>(body + index, count);
        TReach.Store(x is null ? product : product + TReach.Load<TVector>(x + index, count), result + index, count);
    }
}

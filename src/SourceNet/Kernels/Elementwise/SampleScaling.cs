using System.Diagnostics;
using System.Runtime.CompilerServices;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Native;
using SourceNet.Kernels.Threads;
using SourceNet.Kernels.Vectors;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Elementwise;

/// <summary><c>x + factor · body</c>; without x the product alone.</summary>
internal unsafe struct SampleScaling : ISimdWork
{
    private DropoutMask mask;
    private float* x;
    private float* body;
    private float* result;
    private long sampleSize;
    private long count;

    internal static void Run(DropoutMask mask, Tensor? x, Tensor body, Tensor result)
    {
        var count = NativeTensor.Count(body.Handle);
        var work = new SampleScaling
        {
            mask = mask,
            x = NativeTensor.FloatsOrNull(x),
            body = NativeTensor.Floats(body.Handle),
            result = NativeTensor.Floats(result.Handle),
            sampleSize = count / NativeTensor.Size(body.Handle, 0),
            count = count,
        };
        Debug.Assert(work.body is not null && work.result is not null && (x is null || work.x is not null), "All are dense float32 on the CPU.");
        Debug.Assert(NativeTensor.Count(result.Handle) == count && (x is null || NativeTensor.Count(x.Handle) == count), "All have one shape.");
        SimdWidth.Run(work, Grain.Chunks(count, Grain.Light));
    }

    /// <summary>A tensor times the factors of its samples; itself where there are none.</summary>
    internal static Tensor? Of(Tensor? tensor, DropoutMask? mask)
    {
        if (tensor is null || mask is not { } drops)
        {
            return tensor;
        }

        var result = tensor.empty_like();
        Run(drops, null, tensor, result);
        return result;
    }

    public readonly void Run<TVector>(int chunk)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        var end = Math.Min(count, ((long)chunk + 1) * Grain.Light);
        for (var start = (long)chunk * Grain.Light; start < end;)
        {
            var sample = start / sampleSize;
            var length = Math.Min(end, (sample + 1) * sampleSize) - start;
            Range<TVector>(mask.Factor((uint)sample), x is null ? null : x + start, body + start, result + start, (int)length);
            start += length;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Range<TVector>(float factor, float* x, float* body, float* result, int count)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        var factors = TVector.Broadcast(factor);
        var index = 0;
        for (; index <= count - TVector.Count; index += TVector.Count)
        {
            Step(factors, x, body, result, index, default(FullVector));
        }

        if (index < count)
        {
            Step(factors, x, body, result, index, new PartialVector(count - index));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TVector, TExtent>(TVector factors, float* x, float* body, float* result, int index, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent
    {
        var product = factors * extent.Load<TVector>(body + index);
        extent.Store(x is null ? product : product + extent.Load<TVector>(x + index), result + index);
    }
}

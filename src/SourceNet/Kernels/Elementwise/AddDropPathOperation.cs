using System.Diagnostics;
using System.Runtime.CompilerServices;
using SourceNet.Kernels.Autograd;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Native;
using SourceNet.Kernels.Threads;
using SourceNet.Kernels.Vectors;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Elementwise;

/// <summary>
/// <c>y = x + mask · body</c> with a factor for each sample of <c>[N, ...]</c>. The gradient of x is that of y, and the gradient of body <c>mask</c> times
/// that.
/// </summary>
internal sealed class AddDropPathOperation(DropoutMask mask) : FusedOperation
{
    internal override string Name => "DropPath";

    internal override Tensor[] Forward(Tensor?[] inputs, List<Tensor>? kept)
    {
        var result = inputs[0]!.empty_like();
        SampleScaling.Run(mask, inputs[0], inputs[1]!, result);
        return [result];
    }

    internal override Tensor?[] Backward(BackwardCall call)
    {
        var gradient = call.Gradients[0]!;
        var bodyGradient = call.Needs(1) ? gradient.empty_like() : null;
        if (bodyGradient is not null)
        {
            SampleScaling.Run(mask, null, gradient, bodyGradient);
        }

        return [call.Needs(0) ? gradient : null, bodyGradient];
    }

    internal override Tensor[] Compose(Tensor?[] inputs) => [Composed(inputs[0]!, inputs[1]!, mask)];

    /// <summary>The sum by TorchSharp's operators.</summary>
    internal static Tensor Composed(Tensor x, Tensor body, DropoutMask mask)
    {
        var shape = new long[body.ndim];
        Array.Fill(shape, 1);
        shape[0] = body.size(0);
        using var samples = zeros(shape, body.dtype, body.device);
        using var factors = MaskTensor.Of(mask, samples);
        using var kept = body.mul(factors);
        return x.add(kept, Scalars.One);
    }

    /// <summary><c>x + factor · body</c>; without x the product alone.</summary>
    private unsafe struct SampleScaling : ISimdWork
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
}

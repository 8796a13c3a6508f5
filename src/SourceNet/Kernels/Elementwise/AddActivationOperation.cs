using System.Diagnostics;
using System.Runtime.CompilerServices;
using SourceNet.CompilerServices.Activations;
using SourceNet.Kernels.Autograd;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Native;
using SourceNet.Kernels.Threads;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Elementwise;

/// <summary>
/// <c>y = mask · f(x + path · body)</c>, elementwise, and the sum too where somebody else takes it. Besides its inputs it keeps the sum, or the result where
/// that says the derivative as well: then the sum is never written.
/// </summary>
/// <param name="activation">f</param>
/// <param name="mask">Of the dropout after the activation; null for none.</param>
/// <param name="path">A factor for each sample of the body; null for ones.</param>
/// <param name="givesSum">Whether the sum is an output, the first one.</param>
internal sealed class AddActivationOperation<TActivation>(TActivation activation, DropoutMask? mask, DropoutMask? path, bool givesSum) : FusedOperation
    where TActivation : unmanaged, IActivation
{
    internal override string Name => $"sum and {typeof(TActivation).Name}";

    internal override Tensor[] Forward(Tensor?[] inputs, List<Tensor>? kept)
    {
        var result = inputs[0]!.empty_like();
        var readsResult = TActivation.ResultTellsDerivative && mask is null;
        var sum = givesSum || (kept is not null && !readsResult) ? result.empty_like() : null;
        if (mask is { } drops)
        {
            Value<DropoutMask>.Run(new() { Activation = activation, Mask = drops }, path, inputs[0]!, inputs[1]!, sum, result);
        }
        else
        {
            Value<NoMask>.Run(new() { Activation = activation }, path, inputs[0]!, inputs[1]!, sum, result);
        }

        kept?.Add(sum ?? result);
        return givesSum ? [sum!, result] : [result];
    }

    internal override Tensor?[] Backward(BackwardCall call)
    {
        var gradient = call.Gradients[^1];
        var sumGradient = givesSum ? call.Gradients[0] : null;
        var xGradient = gradient is null ? sumGradient : Gradient(call.Kept[0], gradient, sumGradient);
        return [call.Needs(0) ? xGradient : null, call.Needs(1) ? SampleScaling.Of(xGradient, path) : null];
    }

    private Tensor Gradient(Tensor kept, Tensor gradient, Tensor? sumGradient)
    {
        var result = kept.empty_like();
        if (mask is { } drops)
        {
            Derivative<DropoutMask>.Run(new() { Activation = activation, Mask = drops }, kept, gradient, sumGradient, result);
        }
        else
        {
            Derivative<NoMask>.Run(new() { Activation = activation }, kept, gradient, sumGradient, result);
        }

        return result;
    }

    internal override Tensor[] Compose(Tensor?[] inputs)
    {
        var sum = path is { } samples ? AddDropPathOperation.Composed(inputs[0]!, inputs[1]!, samples) : inputs[0]!.add(inputs[1]!, Scalars.One);
        var activated = activation.Compose(sum);
        var result = mask is { } drops ? Dropping.Compose(activated, drops) : activated;
        return givesSum ? [sum, result] : [result];
    }

    /// <summary>The sum and the result. Where the samples have factors, a stretch of a chunk lies in one sample.</summary>
    private unsafe struct Value<TMask> : ISimdWork
        where TMask : unmanaged, IMask
    {
        internal TActivation Activation;
        internal TMask Mask;
        private DropoutMask path;
        private float* x;
        private float* body;
        private float* sum;
        private float* result;
        private long count;

        /// <summary>How many elements share a factor; all, where there are no factors.</summary>
        private long sampleSize;

        private bool hasFactors;

        internal static void Run(Value<TMask> work, DropoutMask? path, Tensor x, Tensor body, Tensor? sum, Tensor result)
        {
            work.count = NativeTensor.Count(x.Handle);
            work.hasFactors = path is not null;
            work.path = path ?? default;
            work.sampleSize = path is null ? work.count : work.count / NativeTensor.Size(x.Handle, 0);
            work.x = NativeTensor.Floats(x.Handle);
            work.body = NativeTensor.Floats(body.Handle);
            work.sum = NativeTensor.FloatsOrNull(sum);
            work.result = NativeTensor.Floats(result.Handle);
            Debug.Assert(work.x is not null && work.body is not null && work.result is not null, "All are dense float32 on the CPU.");
            Debug.Assert(work.count is > 0 and < int.MaxValue && NativeTensor.Count(body.Handle) == work.count,
                "Both have one shape, and a mask counts with 32 bits.");
            SimdWidth.Run(work, Grain.Chunks(work.count, Grain.Medium));
        }

        public readonly void Run<TVector>(int chunk)
            where TVector : unmanaged, ISimdVector<TVector>
        {
            var end = Math.Min(count, ((long)chunk + 1) * Grain.Medium);
            for (var start = (long)chunk * Grain.Medium; start < end;)
            {
                var sample = start / sampleSize;
                var length = (int)(Math.Min(end, (sample + 1) * sampleSize) - start);
                var factor = hasFactors ? path.Factor((uint)sample) : 1;
                Range<TVector>(this, factor, start, length);
                start += length;
            }
        }

        /// <summary>Not inlined: in its caller the loop would share registers with everything else there, and runs several times slower.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void Range<TVector>(in Value<TMask> work, float factor, long start, int count)
            where TVector : unmanaged, ISimdVector<TVector>
        {
            var (activation, mask) = (work.Activation, work.Mask);
            var x = work.x + start;
            var body = work.body + start;
            var sum = work.sum is null ? null : work.sum + start;
            var result = work.result + start;
            var factors = TVector.Broadcast(factor);
            var index = 0;
            for (; index <= count - TVector.Count; index += TVector.Count)
            {
                Step(activation, mask, factors, x + index, body + index, sum is null ? null : sum + index, result + index, (uint)(start + index),
                    default(FullVector));
            }

            if (index < count)
            {
                RangeEnd<TVector>(work, factor, start + index, count - index);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void RangeEnd<TVector>(in Value<TMask> work, float factor, long start, int count)
            where TVector : unmanaged, ISimdVector<TVector> =>
            Step(work.Activation, work.Mask, TVector.Broadcast(factor), work.x + start, work.body + start, work.sum is null ? null : work.sum + start,
                work.result + start, (uint)start, new PartialVector(count));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Step<TVector, TExtent>(
            TActivation activation, TMask mask, TVector factors, float* x, float* body, float* sum, float* result, uint index, TExtent extent)
            where TVector : unmanaged, ISimdVector<TVector>
            where TExtent : struct, IVectorExtent
        {
            // Times 1 nothing is rounded: without factors this is the sum.
            var added = TVector.MultiplyAdd(extent.Load<TVector>(body), factors, extent.Load<TVector>(x));
            if (sum is not null)
            {
                extent.Store(added, sum);
            }

            extent.Store(mask.Apply(activation.Value(added), index), result);
        }
    }

    /// <summary>The gradient of the sum: that which comes through the activation, and that which the sum has of its own.</summary>
    private unsafe struct Derivative<TMask> : ISimdWork
        where TMask : unmanaged, IMask
    {
        internal TActivation Activation;
        internal TMask Mask;
        private float* kept;
        private float* gradient;
        private float* sumGradient;
        private float* result;
        private long count;

        internal static void Run(Derivative<TMask> work, Tensor kept, Tensor gradient, Tensor? sumGradient, Tensor result)
        {
            work.count = NativeTensor.Count(kept.Handle);
            work.kept = NativeTensor.Floats(kept.Handle);
            work.gradient = NativeTensor.Floats(gradient.Handle);
            work.sumGradient = NativeTensor.FloatsOrNull(sumGradient);
            work.result = NativeTensor.Floats(result.Handle);
            Debug.Assert(work.kept is not null && work.gradient is not null && work.result is not null, "All are dense float32 on the CPU.");
            Debug.Assert(NativeTensor.Count(gradient.Handle) == work.count, "All have one shape.");
            SimdWidth.Run(work, Grain.Chunks(work.count, Grain.Medium));
        }

        public readonly void Run<TVector>(int chunk)
            where TVector : unmanaged, ISimdVector<TVector>
        {
            var start = (long)chunk * Grain.Medium;
            Range<TVector>(this, start, (int)Math.Min(Grain.Medium, count - start));
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void Range<TVector>(in Derivative<TMask> work, long start, int count)
            where TVector : unmanaged, ISimdVector<TVector>
        {
            var (activation, mask) = (work.Activation, work.Mask);
            var kept = work.kept + start;
            var gradient = work.gradient + start;
            var result = work.result + start;
            var sumGradient = work.sumGradient is null ? null : work.sumGradient + start;
            var index = 0;
            for (; index <= count - TVector.Count; index += TVector.Count)
            {
                Step<TVector, FullVector>(activation, mask, kept + index, gradient + index, sumGradient is null ? null : sumGradient + index, result + index,
                    (uint)(start + index), default);
            }

            if (index < count)
            {
                RangeEnd<TVector>(work, start + index, count - index);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void RangeEnd<TVector>(in Derivative<TMask> work, long start, int count)
            where TVector : unmanaged, ISimdVector<TVector> =>
            Step<TVector, PartialVector>(work.Activation, work.Mask, work.kept + start, work.gradient + start,
                work.sumGradient is null ? null : work.sumGradient + start, work.result + start, (uint)start, new(count));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Step<TVector, TExtent>(
            TActivation activation, TMask mask, float* kept, float* gradient, float* sumGradient, float* result, uint index, TExtent extent)
            where TVector : unmanaged, ISimdVector<TVector>
            where TExtent : struct, IVectorExtent
        {
            var value = ActivationGradient.Of(activation, mask.Apply(extent.Load<TVector>(gradient), index), extent.Load<TVector>(kept));
            extent.Store(sumGradient is null ? value : value + extent.Load<TVector>(sumGradient), result);
        }
    }
}

using System.Diagnostics;
using System.Runtime.CompilerServices;
using SourceNet.Kernels.Autograd;
using SourceNet.Kernels.Native;
using SourceNet.Kernels.Threads;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Elementwise;

/// <summary><c>y = silu(gate) · up</c>, with the gradients <c>silu′(gate) · up · gradient of y</c> and <c>silu(gate) · gradient of y</c>.</summary>
internal sealed class SwiGluOperation : FusedOperation
{
    internal override string Name => "SwiGlu";

    internal override Tensor[] Forward(Tensor?[] inputs, List<Tensor>? kept)
    {
        var result = inputs[0]!.empty_like();
        ElementwiseWork<SiluMul>.Run(default, inputs[0]!, inputs[1]!, result);
        return [result];
    }

    internal override Tensor?[] Backward(BackwardCall call)
    {
        var gateGradient = call.Needs(0) ? call.Inputs[0]!.empty_like() : null;
        var upGradient = call.Needs(1) ? call.Inputs[1]!.empty_like() : null;
        SiluMulGradient.Run(call.Inputs[0]!, call.Inputs[1]!, call.Gradients[0]!, gateGradient, upGradient);
        return [gateGradient, upGradient];
    }

    internal override Tensor[] Compose(Tensor?[] inputs) => [Composed(inputs[0]!, inputs[1]!)];

    /// <summary>The product by TorchSharp's operators.</summary>
    internal static Tensor Composed(Tensor gate, Tensor up)
    {
        using var activated = nn.functional.silu(gate);
        return activated.mul(up);
    }

    private readonly struct SiluMul : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Apply<TVector>(TVector one, TVector two, uint index)
            where TVector : struct, ISimdVector<TVector> => one * Elementary.Sigmoid(one) * two;
    }

    /// <summary>Both gradients in one pass, which computes e^gate once. A gradient that nobody asks for is null.</summary>
    private unsafe struct SiluMulGradient : ISimdWork
    {
        private float* gate;
        private float* up;
        private float* gradient;
        private float* gateGradient;
        private float* upGradient;
        private long count;

        internal static void Run(Tensor gate, Tensor up, Tensor gradient, Tensor? gateGradient, Tensor? upGradient)
        {
            var work = new SiluMulGradient
            {
                gate = NativeTensor.Floats(gate.Handle),
                up = NativeTensor.Floats(up.Handle),
                gradient = NativeTensor.Floats(gradient.Handle),
                gateGradient = NativeTensor.FloatsOrNull(gateGradient),
                upGradient = NativeTensor.FloatsOrNull(upGradient),
                count = NativeTensor.Count(gate.Handle),
            };
            Debug.Assert(work.gate is not null && work.up is not null && work.gradient is not null,
                "The inputs and the gradient are dense float32 on the CPU.");
            Debug.Assert(NativeTensor.Count(up.Handle) == work.count && NativeTensor.Count(gradient.Handle) == work.count, "They have one shape.");
            SimdWidth.Run(work, Grain.Chunks(work.count, Grain.Medium));
        }

        public readonly void Run<TVector>(int chunk)
            where TVector : unmanaged, ISimdVector<TVector>
        {
            var start = (long)chunk * Grain.Medium;
            Range<TVector>(this, start, Math.Min(count, start + Grain.Medium));
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void Range<TVector>(in SiluMulGradient work, long index, long end)
            where TVector : unmanaged, ISimdVector<TVector>
        {
            // A copy: one that nobody else may write to stays in registers.
            var at = work;
            for (; index <= end - TVector.Count; index += TVector.Count)
            {
                at.Step<TVector, FullVector>(index, default);
            }

            if (index < end)
            {
                work.Step<TVector, PartialVector>(index, new((int)(end - index)));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Step<TVector, TExtent>(long index, TExtent extent)
            where TVector : unmanaged, ISimdVector<TVector>
            where TExtent : struct, IVectorExtent
        {
            var x = extent.Load<TVector>(gate + index);
            var outer = extent.Load<TVector>(gradient + index);
            var sigmoid = Elementary.Sigmoid(x);
            if (gateGradient is not null)
            {
                var slope = sigmoid * TVector.MultiplyAdd(x, TVector.Broadcast(1) - sigmoid, TVector.Broadcast(1));
                extent.Store(outer * extent.Load<TVector>(up + index) * slope, gateGradient + index);
            }

            if (upGradient is not null)
            {
                extent.Store(outer * (x * sigmoid), upGradient + index);
            }
        }
    }
}

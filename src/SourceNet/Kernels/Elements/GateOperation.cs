using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SourceNet.Kernels.Autograd;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Native;
using SourceNet.Kernels.Threads;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Elements;

/// <summary><c>silu(gate) · up</c>. Inputs: gate and up, of one shape.</summary>
internal sealed unsafe class GateOperation : FusedOperation
{
    internal static bool Fit(Tensor gate, Tensor up) => NativeTensor.HaveOneShape(gate.Handle, up.Handle);

    internal override string Name => "the gated product";

    internal override Tensor[] Forward(Tensor?[] inputs, List<Tensor>? kept)
    {
        var result = empty_like(inputs[0]!);
        var place = new ElementPlace
        {
            Input = NativeTensor.Floats(inputs[0]!.Handle),
            Second = NativeTensor.Floats(inputs[1]!.Handle),
            Output = NativeTensor.Floats(result.Handle),
            Count = NativeTensor.Count(result.Handle),
        };
        ChunkLoop.Run(new ElementWork<GateRule, Keeping>(place, default), place.Chunks);
        return [result];
    }

    internal override Tensor?[] Backward(BackwardCall call)
    {
        var gate = empty_like(call.Inputs[0]!);
        var up = empty_like(call.Inputs[0]!);
        var place = new ElementPlace
        {
            Input = NativeTensor.Floats(call.Inputs[0]!.Handle),
            Second = NativeTensor.Floats(call.Inputs[1]!.Handle),
            Output = NativeTensor.Floats(call.Gradients[0]!.Handle),
            Count = NativeTensor.Count(call.Gradients[0]!.Handle),
        };
        ChunkLoop.Run(new BackwardWork(place, NativeTensor.Floats(gate.Handle), NativeTensor.Floats(up.Handle)), place.Chunks);
        return [gate, up];
    }

    internal override Tensor[] Compose(Tensor?[] inputs)
    {
        using var activated = nn.functional.silu(inputs[0]!);
        return [activated.mul(inputs[1]!)];
    }

    private readonly struct GateRule : IElementRule
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Of<TLanes>(TLanes x, TLanes second)
            where TLanes : struct, ILanes<TLanes> => x / (TLanes.All(1f) + Elementary.Exp(TLanes.All(0f) - x)) * second;
    }

    /// <summary>Both gradients at once: <c>silu'(gate) · up · dy</c> and <c>silu(gate) · dy</c>. The place's output is dy.</summary>
    private readonly struct BackwardWork(ElementPlace place, float* gate, float* up) : IChunkWork
    {
        private readonly ElementPlace place = place;
        private readonly float* gate = gate;
        private readonly float* up = up;

        public void Run(int chunk)
        {
            if (Vector512.IsHardwareAccelerated)
            {
                Run<Lanes512>(chunk);
            }
            else if (Vector256.IsHardwareAccelerated)
            {
                Run<Lanes256>(chunk);
            }
            else
            {
                Run<Lanes128>(chunk);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private void Run<TLanes>(int chunk)
            where TLanes : struct, ILanes<TLanes>
        {
            var place = this.place;
            var gates = gate;
            var ups = up;
            var i = (long)chunk * ElementPlace.Grain;
            var end = Math.Min(place.Count, i + ElementPlace.Grain);
            for (; i <= end - TLanes.Count; i += TLanes.Count)
            {
                var (first, second) = Of(TLanes.Load(place.Input + i), TLanes.Load(place.Second + i), TLanes.Load(place.Output + i));
                first.Store(gates + i);
                second.Store(ups + i);
            }

            if (i < end)
            {
                var rest = (int)(end - i);
                var (first, second) = Of(TLanes.LoadFirst(place.Input + i, rest), TLanes.LoadFirst(place.Second + i, rest), TLanes.LoadFirst(place.Output + i, rest));
                first.StoreFirst(gates + i, rest);
                second.StoreFirst(ups + i, rest);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static (TLanes Gate, TLanes Up) Of<TLanes>(TLanes gate, TLanes up, TLanes dy)
            where TLanes : struct, ILanes<TLanes>
        {
            var s = Elementary.Sigmoid(gate);
            var derivative = s * TLanes.MultiplyAdd(gate, TLanes.All(1f) - s, TLanes.All(1f));
            return (derivative * up * dy, gate * s * dy);
        }
    }
}

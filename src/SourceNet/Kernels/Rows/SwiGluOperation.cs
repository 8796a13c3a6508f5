using SourceNet.Kernels.Autograd;
using SourceNet.Kernels.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Rows;

/// <summary><c>silu(gate) · up</c></summary>
internal sealed unsafe class SwiGluOperation : FusedOperation
{
    internal override string Name => "SwiGlu";

    internal override Tensor[] Forward(Tensor?[] inputs, List<Tensor>? kept)
    {
        var result = inputs[0]!.empty_like();
        Elementwise.Run(
            default(GatedProduct), NativeTensor.Floats(inputs[0]!.Handle), NativeTensor.Floats(inputs[1]!.Handle), NativeTensor.Floats(result.Handle), NativeTensor.Count(result.Handle));
        return [result];
    }

    internal override Tensor?[] Backward(BackwardCall call)
    {
        var gateGradient = call.Needs(0) ? call.Inputs[0]!.empty_like() : null;
        var upGradient = call.Needs(1) ? call.Inputs[1]!.empty_like() : null;
        var gate = NativeTensor.Floats(call.Inputs[0]!.Handle);
        var up = NativeTensor.Floats(call.Inputs[1]!.Handle);
        var gradient = NativeTensor.Floats(call.Gradients[0]!.Handle);
        var toGate = gateGradient is null ? null : NativeTensor.Floats(gateGradient.Handle);
        var toUp = upGradient is null ? null : NativeTensor.Floats(upGradient.Handle);
        var count = NativeTensor.Count(call.Inputs[0]!.Handle);
        GatedProductGradient.Run(gate, up, gradient, toGate, toUp, count);

        return [gateGradient, upGradient];
    }

    internal override Tensor[] Compose(Tensor?[] inputs) => [Composed(inputs[0]!, inputs[1]!)];

    /// <summary>The product by TorchSharp's operators.</summary>
    internal static Tensor Composed(Tensor gate, Tensor up)
    {
        using var activated = nn.functional.silu(gate);
        return activated.mul(up);
    }
}

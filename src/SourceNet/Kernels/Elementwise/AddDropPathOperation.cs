using SourceNet.Kernels.Autograd;
using SourceNet.Kernels.Masks;
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
        return [call.Needs(0) ? gradient : null, call.Needs(1) ? SampleScaling.Of(gradient, mask) : null];
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
}

using SourceNet.Kernels.Autograd;
using SourceNet.Kernels.Native;
using SourceNet.Kernels.Random;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Rows;

/// <summary><c>x + mask · body</c> with a mask over the samples of <c>[N, ...]</c>.</summary>
internal sealed unsafe class AddDropPathOperation(KeepMask mask) : FusedOperation
{
    internal override string Name => "DropPath";

    internal override Tensor[] Forward(Tensor?[] inputs, List<Tensor>? kept)
    {
        var result = inputs[0]!.empty_like();
        Run(inputs[0], inputs[1]!, result);
        return [result];
    }

    internal override Tensor?[] Backward(BackwardCall call)
    {
        var gradient = call.Gradients[0]!;
        var bodyGradient = call.Needs(1) ? gradient.empty_like() : null;
        if (bodyGradient is not null)
        {
            Run(null, gradient, bodyGradient);
        }

        return [call.Needs(0) ? gradient : null, bodyGradient];
    }

    internal override Tensor[] Compose(Tensor?[] inputs) => [Composed(inputs[0]!, inputs[1]!, mask)];

    /// <summary>The sum by TorchSharp's operators.</summary>
    internal static Tensor Composed(Tensor x, Tensor body, KeepMask mask)
    {
        var shape = new long[body.ndim];
        Array.Fill(shape, 1);
        shape[0] = body.size(0);
        using var samples = zeros(shape, body.dtype, body.device);
        using var factors = MaskTensor.Of(mask, samples);
        using var kept = body.mul(factors);
        return x.add(kept, Scalars.One);
    }

    private void Run(Tensor? x, Tensor body, Tensor result)
    {
        var from = x is null ? null : NativeTensor.Floats(x.Handle);
        var scaled = NativeTensor.Floats(body.Handle);
        var to = NativeTensor.Floats(result.Handle);
        var count = NativeTensor.Count(body.Handle);
        var sampleSize = count / NativeTensor.Size(body.Handle, 0);
        SampleScaling.Run(mask, from, scaled, to, sampleSize, count);
    }
}

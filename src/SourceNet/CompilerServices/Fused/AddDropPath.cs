using SourceNet.Kernels;
using SourceNet.Kernels.Elementwise;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Native;
using SourceNet.Kernels.Rows;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices;

public static partial class Fused
{
    /// <summary><c>x + dropPath(body)</c>: the end of a residual block with stochastic depth, <c>[N, ...] → [N, ...]</c>.</summary>
    /// <param name="x">What the body is added to.</param>
    /// <param name="body">A tensor of the same shape.</param>
    /// <param name="dropPath">Rate and mode. Hooks on it do not run.</param>
    /// <exception cref="ArgumentException">A scalar: there is no batch axis.</exception>
    public static Tensor AddDropPath(Tensor x, Tensor body, Layers.DropPath dropPath)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(dropPath);
        var isBatch = body.ndim > 0 && body.device_type == DeviceType.CPU && FusedKernels.AreAllowed && NativeTensor.IsAvailable && body.size(0) < int.MaxValue;
        if (!isBatch || dropPath.Rate == 0 || !dropPath.training)
        {
            using var kept = dropPath.forward(body);
            return x.add(kept, Scalars.One);
        }

        var mask = new DropoutMask(MaskSeed.Next(), dropPath.Rate);
        return KernelInput.Fit(x, body) ? new AddDropPathOperation(mask).Apply(x, body)[0] : AddDropPathOperation.Composed(x, body, mask);
    }

    /// <summary>Whether whole samples of a sum can be skipped while it is normalized: a norm over the axis of the samples too would mix them.</summary>
    private static bool HasSamples(Tensor sum, Layers.DropPath? dropPath, long[] normalizedShape) =>
        dropPath is null || NativeTensor.Dimensions(sum.Handle) > normalizedShape.Length;
}

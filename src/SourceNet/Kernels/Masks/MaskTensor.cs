using SourceNet.Kernels.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Masks;

/// <summary>A drawn mask as a tensor, for what is composed of operators.</summary>
internal static unsafe class MaskTensor
{
    /// <summary>The elements that stay, scaled, and 0 for the others. Disposes the tensor that it is given.</summary>
    internal static Tensor Apply(in KeepMask mask, Tensor x)
    {
        using (x)
        {
            using var factors = Of(mask, x);
            return x.mul(factors);
        }
    }

    /// <summary>What each element is multiplied with: 0, or the scale.</summary>
    internal static Tensor Of(in KeepMask mask, Tensor like)
    {
        var factors = empty(like.shape, ScalarType.Float32, CPU);
        var count = factors.NumberOfElements;
        var target = NativeTensor.Floats(factors.Handle);
        for (var i = 0L; i < count; i++)
        {
            target[i] = mask.Keeps((uint)i) ? mask.Scale : 0;
        }

        GC.KeepAlive(factors);
        if (like.dtype == ScalarType.Float32 && like.device_type == DeviceType.CPU)
        {
            return factors;
        }

        using (factors)
        {
            return factors.to(like.dtype, like.device);
        }
    }
}

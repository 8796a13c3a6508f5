using SourceNet.Kernels.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Masks;

/// <summary>What dropout does in a call: nothing, or a mask with a seed of this call.</summary>
internal static class Dropping
{
    /// <summary>The rate that a layer drops with now: 0 if there is none, or in eval mode.</summary>
    internal static double Rate(TorchSharp.Modules.Dropout? dropout) => dropout is { training: true } ? dropout.p : 0;

    /// <summary>The rate that a drop path skips samples with now: 0 if there is none, or in eval mode.</summary>
    internal static double Rate(Layers.DropPath? dropPath) => dropPath is { training: true } ? dropPath.Rate : 0;

    /// <summary>A new mask, null for a rate of 0.</summary>
    internal static DropoutMask? Mask(double rate) => rate == 0 ? null : new DropoutMask(MaskSeed.Next(), rate);

    /// <summary>
    /// Dropout by TorchSharp's operators: on the CPU with the mask that a kernel would compute, elsewhere with the device's own. Takes over the tensor, and
    /// returns it if nothing is dropped.
    /// </summary>
    internal static Tensor Compose(Tensor x, double rate)
    {
        if (rate == 0)
        {
            return x;
        }

        using (x)
        {
            return FusedKernels.AreAllowed && NativeTensor.IsAvailable && x.device_type == DeviceType.CPU && x.numel() < int.MaxValue
                ? Compose(x, Mask(rate)!.Value)
                : nn.functional.dropout(x, rate, training: true);
        }
    }

    /// <summary>x times the mask.</summary>
    internal static Tensor Compose(Tensor x, DropoutMask mask)
    {
        using var factors = MaskTensor.Of(mask, x);
        return x.mul(factors);
    }
}

using SourceNet.Kernels.Masks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Batches;

/// <summary>What one call drops.</summary>
internal readonly record struct BatchDrop(MaskGranularity Granularity, DropoutMask Mask)
{
    /// <summary>Reads a dropout layer, and draws a seed if it is on.</summary>
    /// <param name="dropout">A layer, or null.</param>
    /// <param name="axes">How many axes its input has, the batch's and the channels' included.</param>
    /// <param name="drop">What it drops.</param>
    /// <returns>False if the layer is none that a kernel can stand for.</returns>
    internal static bool TryRead(nn.Module<Tensor, Tensor>? dropout, long axes, out BatchDrop drop)
    {
        (MaskGranularity Granularity, double Rate)? read = dropout switch
        {
            null => (MaskGranularity.None, 0),
            Dropout layer => (MaskGranularity.Elements, layer.p),
            Dropout1d layer when axes == 3 => (MaskGranularity.Channels, layer.p),
            Dropout2d layer when axes == 4 => (MaskGranularity.Channels, layer.p),
            Dropout3d layer when axes == 5 => (MaskGranularity.Channels, layer.p),
            _ => null,
        };
        var isOn = read is { Granularity: not MaskGranularity.None, Rate: not 0 } && dropout!.training;
        drop = isOn ? new(read!.Value.Granularity, new(MaskSeed.Next(), read.Value.Rate)) : default;
        return read is not null;
    }

    /// <summary>The same by TorchSharp's operators.</summary>
    internal Tensor Compose(Tensor x)
    {
        if (Granularity == MaskGranularity.None)
        {
            return x;
        }

        using var channels = Granularity == MaskGranularity.Channels
            ? empty([x.size(0), x.size(1), .. Enumerable.Repeat(1L, (int)x.ndim - 2)], x.dtype, x.device) : null;
        using var factors = MaskTensor.Of(Mask, channels ?? x);
        return x.mul(factors);
    }
}

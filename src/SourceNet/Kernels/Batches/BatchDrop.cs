using SourceNet.Kernels.Native;
using SourceNet.Kernels.Random;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Batches;

/// <summary>What one call drops.</summary>
internal readonly record struct BatchDrop(DropKind Kind, KeepMask Mask)
{
    /// <summary>Reads a dropout layer, and draws a seed if it is on.</summary>
    /// <param name="dropout">A layer, or null.</param>
    /// <param name="axes">How many axes its input has, the batch's and the channels' included.</param>
    /// <param name="drop">What it drops.</param>
    /// <returns>False if the layer is none that a kernel can stand for.</returns>
    internal static bool TryRead(nn.Module<Tensor, Tensor>? dropout, long axes, out BatchDrop drop)
    {
        (DropKind Kind, double Rate)? read = dropout switch
        {
            null => (DropKind.Nothing, 0),
            Dropout layer => (DropKind.Elements, layer.p),
            Dropout1d layer when axes == 3 => (DropKind.Planes, layer.p),
            Dropout2d layer when axes == 4 => (DropKind.Planes, layer.p),
            Dropout3d layer when axes == 5 => (DropKind.Planes, layer.p),
            _ => null,
        };
        var isOn = read is { Kind: not DropKind.Nothing, Rate: not 0 } && dropout!.training;
        drop = isOn ? new(read!.Value.Kind, new(MaskSeed.Next(), read.Value.Rate)) : default;
        return read is not null;
    }

    /// <summary>The same by TorchSharp's operators.</summary>
    internal Tensor Compose(Tensor x)
    {
        if (Kind == DropKind.Nothing)
        {
            return x;
        }

        using var planes = Kind == DropKind.Planes ? empty([x.size(0), x.size(1), .. Enumerable.Repeat(1L, (int)x.ndim - 2)], x.dtype, x.device) : null;
        using var factors = MaskTensor.Of(Mask, planes ?? x);
        return x.mul(factors);
    }

    /// <summary>The factors of all planes; null unless there are any.</summary>
    internal unsafe Tensor? PlaneFactors(long planes)
    {
        if (Kind != DropKind.Planes)
        {
            return null;
        }

        var factors = empty(planes);
        MaskTensor.Write(Mask, NativeTensor.Floats(factors.Handle), (int)planes);
        return factors;
    }
}

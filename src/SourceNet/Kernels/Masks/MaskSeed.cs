using SourceNet.Kernels.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Masks;

/// <summary>Seeds for masks, drawn from torch's default generator of the CPU: <c>torch.manual_seed</c> reproduces them.</summary>
internal static unsafe class MaskSeed
{
    private const double Range = 4294967296;

    /// <summary>What numbers are drawn into. Each thread keeps its own: the generator has a lock, a tensor has none.</summary>
    [ThreadStatic]
    private static Tensor? s_drawn;

    /// <summary>A number of 64 random bits.</summary>
    internal static ulong Next()
    {
        var drawn = s_drawn ??= Create();
        var same = drawn.random_(0, Range);
        if (!ReferenceEquals(same, drawn))
        {
            same.Dispose();
        }

        var halves = (long*)NativeTensor.Data(drawn.Handle);
        return (ulong)halves[0] | ((ulong)halves[1] << 32);
    }

    private static Tensor Create()
    {
        // One made in inference mode could not be written to outside of it.
        using var mode = inference_mode(false);
        return empty(2, ScalarType.Int64).DetachFromDisposeScope();
    }
}

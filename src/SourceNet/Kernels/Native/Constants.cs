using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Native;

/// <summary>Vectors of one number, for kernels whose layer has no scale or no shift: the kernel has one form, and the vector stays in the cache.</summary>
internal static class Constants
{
    private static volatile Tensor? s_ones;
    private static volatile Tensor? s_zeros;

    /// <summary>Ones, at least so many. They belong to everybody.</summary>
    internal static Tensor Ones(long count) => s_ones is { } kept && kept.NumberOfElements >= count ? kept : s_ones = Make(count, 1);

    /// <summary>Zeros, at least so many. They belong to everybody.</summary>
    internal static Tensor Zeros(long count) => s_zeros is { } kept && kept.NumberOfElements >= count ? kept : s_zeros = Make(count, 0);

    /// <summary>Never disposed: another thread may be reading an older one.</summary>
    private static Tensor Make(long count, float value)
    {
        using var usual = inference_mode(false);
        return full([count], value, ScalarType.Float32, CPU).DetachFromDisposeScope();
    }
}

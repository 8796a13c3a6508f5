using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>Finds a gradient that is not finite, before a step writes it into the weights.</summary>
internal static class GradientCheck
{
    private const uint ExponentBits = 0x7f800000;

    /// <summary>The path of the first parameter with such a gradient; null if there is none.</summary>
    internal static string? NonFinite(IReadOnlyList<(string Path, Parameter Parameter)> parameters)
    {
        foreach (var (path, parameter) in parameters)
        {
            using var gradient = parameter.grad;
            if (gradient is not null && !IsFinite(gradient))
            {
                return path;
            }
        }

        return null;
    }

    private static bool IsFinite(Tensor gradient)
    {
        if (gradient.is_sparse)
        {
            using var dense = gradient.to_dense();
            return IsFinite(dense);
        }

        var isPlain = gradient.dtype == ScalarType.Float32 && gradient.device_type == DeviceType.CPU && gradient.is_contiguous();
        if (isPlain && gradient.numel() is > 0 and <= int.MaxValue / sizeof(float))
        {
            var result = AreFinite(MemoryMarshal.Cast<byte, uint>(gradient.bytes));
            // The span does not keep the tensor's memory.
            GC.KeepAlive(gradient);
            return result;
        }

        using var finite = gradient.isfinite();
        using var all = finite.all();
        return all.item<bool>();
    }

    /// <summary>A number whose exponent is all ones is infinite or none: no branch for each.</summary>
    private static bool AreFinite(ReadOnlySpan<uint> bits)
    {
        var exponent = new Vector<uint>(ExponentBits);
        var found = Vector<uint>.Zero;
        var place = 0;
        for (; place <= bits.Length - Vector<uint>.Count; place += Vector<uint>.Count)
        {
            found |= Vector.Equals(new Vector<uint>(bits[place..]) & exponent, exponent);
        }

        if (found != Vector<uint>.Zero)
        {
            return false;
        }

        for (; place < bits.Length; place++)
        {
            if ((bits[place] & ExponentBits) == ExponentBits)
            {
                return false;
            }
        }

        return true;
    }
}

using System.Diagnostics.CodeAnalysis;
using SourceNet.Kernels.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>
/// Equal are tensors that begin at the same place of memory and have as many elements: one weight, whatever object or handle it is reached by. <c>head.weight =
/// embed.weight</c> ties two layers, and TorchSharp
/// gives a new handle to such a weight at each read.
/// </summary>
/// <example><code>var once = model.parameters().Distinct(SameMemory.Comparer);</code></example>
public sealed class SameMemory : IEqualityComparer<Tensor>
{
    private SameMemory() { }

    /// <summary>The only one.</summary>
    public static SameMemory Comparer { get; } = new();

    /// <inheritdoc/>
    public bool Equals(Tensor? x, Tensor? y) => ReferenceEquals(x, y) || (x is not null && y is not null && Key(x) == Key(y));

    /// <inheritdoc/>
    public int GetHashCode([DisallowNull] Tensor obj) => Key(obj).GetHashCode();

    /// <summary>Where the elements begin and how many there are. Without elements or memory (on the meta device, or sparse) a tensor is itself alone.</summary>
    private static (nint, long) Key(Tensor tensor)
    {
        if (!NativeTensor.IsAvailable || tensor.is_sparse || tensor.is_meta)
        {
            return (tensor.Handle, -1);
        }

        nint start;
        unsafe
        {
            start = (nint)NativeTensor.Data(tensor.Handle);
        }

        var count = NativeTensor.Count(tensor.Handle);
        GC.KeepAlive(tensor);
        return start == 0 || count == 0 ? (tensor.Handle, -1) : (start, count);
    }
}

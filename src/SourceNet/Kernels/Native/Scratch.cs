using System.Runtime.InteropServices;

namespace SourceNet.Kernels.Native;

/// <summary>Memory that kernels write sums into. Each thread keeps its own between calls: fresh memory would cost a page fault for every 4 KiB.</summary>
internal static unsafe class Scratch
{
    private const nuint Alignment = 64;

    [ThreadStatic]
    private static Buffer? s_buffer;

    /// <summary>At least so many floats, with anything in them, valid until the thread's next call.</summary>
    internal static float* Floats(long count)
    {
        var bytes = (nuint)count * sizeof(float);
        if (s_buffer is null || s_buffer.Bytes < bytes)
        {
            s_buffer = new(bytes);
        }

        return s_buffer.Address;
    }

    /// <summary>Native memory that goes when its thread is gone.</summary>
    private sealed class Buffer(nuint bytes)
    {
        internal nuint Bytes { get; } = bytes;

        internal float* Address { get; } = (float*)NativeMemory.AlignedAlloc(bytes, Alignment);

        ~Buffer() => NativeMemory.AlignedFree(Address);
    }
}

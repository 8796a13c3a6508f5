using System.Runtime.InteropServices;

namespace SourceNet;

/// <summary>How the C library treats the memory of large tensors on the CPU.</summary>
public static partial class NativeAllocator
{
    private const int TrimThreshold = -1;
    private const int MapThreshold = -3;

    /// <summary>
    /// Lets the process keep the memory of freed tensors for the next ones. By default glibc gives large blocks back to the system at once, and each new one
    /// costs a page fault for every 4 KiB: with tensors
    /// of many megabytes a training step can spend most of its time there. The price is that memory once used stays with the process.
    /// </summary>
    /// <param name="trimAbove">How many free bytes at the end of the heap are kept, at least 0.</param>
    /// <returns>Whether the C library took the setting: only glibc on Linux knows it, and it cannot be taken back.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative number.</exception>
    public static bool KeepFreedMemory(int trimAbove = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(trimAbove);
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            // Larger blocks than 1 GiB are mapped one by one as before.
            return SetOption(MapThreshold, 1 << 30) != 0 && SetOption(TrimThreshold, trimAbove) != 0;
        }
        catch (EntryPointNotFoundException)
        {
            return false; // musl and others.
        }
        catch (DllNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}

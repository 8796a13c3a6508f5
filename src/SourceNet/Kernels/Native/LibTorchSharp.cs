using System.Runtime.InteropServices;
using TorchSharp;

namespace SourceNet.Kernels.Native;

/// <summary>
/// The native library that TorchSharp has loaded. Its exports are not part of TorchSharp's public interface, and those of the libraries it depends on
/// (libtorch, its OpenMP) even less:
/// each is looked for by name, and what needs a missing one does without.
/// </summary>
internal static class LibTorchSharp
{
    private static readonly nint s_library = NativeLibrary.TryLoad("LibTorchSharp", typeof(torch).Assembly, searchPath: null, out var library) ? library : 0;

    /// <summary>The address of a function of the library or, on Linux and macOS, of one it was linked with; 0 if there is none.</summary>
    internal static nint Find(string name) =>
        s_library != 0 && NativeLibrary.TryGetExport(s_library, name, out var address) ? address : 0;
}

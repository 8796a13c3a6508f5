using System.Runtime.InteropServices;

namespace SourceNet.Benchmarks;

/// <summary>The .NET SDKs beside the runtime of this process.</summary>
internal static class DotNetSdk
{
    /// <returns>The path of a file or folder in the newest SDK that passes; null where none does, as with a runtime alone.</returns>
    internal static string? Newest(string relative, Func<string, bool> passes)
    {
        var sdks = new DirectoryInfo(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "sdk"));
        return sdks.Exists
            ? sdks.GetDirectories()
                .OrderByDescending(sdk => Version.TryParse(sdk.Name, out var version) ? version : new Version())
                .Select(sdk => Path.Combine(sdk.FullName, relative))
                .FirstOrDefault(passes)
            : null;
    }
}

using System.Reflection;

namespace SourceNet.Build.Tests;

/// <summary>The restored TorchSharp package, whose files no test may change.</summary>
internal static class TorchSharpPackage
{
    public static string Library { get; } = Path.Combine(Folder(), "runtimes", "linux-x64", "native", "libLibTorchSharp.so");

    private static string Folder() => typeof(TorchSharpPackage).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "TorchSharpPackage").Value!;
}

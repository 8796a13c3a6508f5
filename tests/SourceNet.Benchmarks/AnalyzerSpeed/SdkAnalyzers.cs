using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SourceNet.Benchmarks.AnalyzerSpeed;

/// <summary>The analyzers that the .NET SDK of this machine runs in every build, as a peer: what .NET engineers live with already.</summary>
internal static class SdkAnalyzers
{
    private static readonly string[] s_files = ["Microsoft.CodeAnalysis.NetAnalyzers.dll", "Microsoft.CodeAnalysis.CSharp.NetAnalyzers.dll"];

    /// <returns>Those for C#; none where there is only a runtime.</returns>
    internal static ImmutableArray<DiagnosticAnalyzer> Load() => Folder() is { } folder
        ? [.. s_files.SelectMany(file => new AnalyzerFileReference(Path.Combine(folder, file), new Loader()).GetAnalyzers(LanguageNames.CSharp))]
        : [];

    /// <summary>The folder in the newest SDK beside the runtime of this process.</summary>
    private static string? Folder()
    {
        var sdks = new DirectoryInfo(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "sdk"));
        return sdks.Exists
            ? sdks.GetDirectories()
                .OrderByDescending(sdk => Version.TryParse(sdk.Name, out var version) ? version : new Version())
                .Select(sdk => Path.Combine(sdk.FullName, "Sdks", "Microsoft.NET.Sdk", "analyzers"))
                .FirstOrDefault(folder => s_files.All(file => File.Exists(Path.Combine(folder, file))))
            : null;
    }

    /// <summary>Loads into this process, as the compiler does.</summary>
    private sealed class Loader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath)
        {
        }

        public System.Reflection.Assembly LoadFromPath(string fullPath) => System.Reflection.Assembly.LoadFrom(fullPath);
    }
}

using System.Collections.Immutable;
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

    private static string? Folder() =>
        DotNetSdk.Newest(Path.Combine("Sdks", "Microsoft.NET.Sdk", "analyzers"), folder => s_files.All(file => File.Exists(Path.Combine(folder, file))));

    /// <summary>Loads into this process, as the compiler does.</summary>
    private sealed class Loader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath)
        {
        }

        public System.Reflection.Assembly LoadFromPath(string fullPath) => System.Reflection.Assembly.LoadFrom(fullPath);
    }
}

using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SourceNet.Tool.Loading;

/// <summary>A project for one target framework, bound and with what its generators wrote.</summary>
/// <param name="Name">Its name, with the target framework where it has several.</param>
/// <param name="Compilation">Its sources; they compile.</param>
/// <param name="Options">Its additional files and its <c>.editorconfig</c>.</param>
internal sealed record LoadedProject(string Name, CSharpCompilation Compilation, AnalyzerOptions Options);

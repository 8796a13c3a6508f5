using Microsoft.CodeAnalysis.CSharp;

namespace SourceNet.Corpus.Sources;

/// <summary>The sources of one project, bound against what is at hand.</summary>
/// <param name="Name">The project file, or the folder of sources without one.</param>
/// <param name="Compilation">With what the generator writes.</param>
/// <param name="Files">How many files the sources are.</param>
/// <param name="Lines">How many lines the sources have.</param>
/// <param name="TorchSharpLines">How many of these lines are in files that name TorchSharp.</param>
/// <param name="GeneratorCrashes">Exceptions of the generator.</param>
internal sealed record SourceProject(
    string Name,
    CSharpCompilation Compilation,
    int Files,
    int Lines,
    int TorchSharpLines,
    IReadOnlyList<Exception> GeneratorCrashes);

using System.Text.Json.Serialization;

namespace SourceNet.Corpus.Analysis;

/// <summary>What came out of one tree.</summary>
/// <param name="Tree">Its root.</param>
/// <param name="CompileErrors">Errors of the compiler, for nothing was restored. They are tolerated.</param>
/// <param name="TorchSharpLines">Lines of the files that name TorchSharp.</param>
/// <param name="Timing">Where it was asked for.</param>
internal sealed record TreeResult(
    string Tree,
    int Projects,
    int Files,
    int Lines,
    int TorchSharpLines,
    int CompileErrors,
    IReadOnlyList<Finding> Findings,
    IReadOnlyList<Crash> Crashes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Timing? Timing);

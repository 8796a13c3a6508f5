namespace SourceNet;

/// <summary>What did not come from a file that was loaded; all are empty where everything did.</summary>
/// <param name="Missing">Names that the model has and the file lacks: they kept their values.</param>
/// <param name="Unexpected">Names that the file has and the model lacks, as <see cref="LoadOptions"/> renames them: they were ignored.</param>
public sealed record LoadedState(IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected)
{
    /// <summary>Names that both have and <see cref="LoadOptions"/> left out: they kept their values.</summary>
    public IReadOnlyList<string> Skipped { get; init; } = [];
}

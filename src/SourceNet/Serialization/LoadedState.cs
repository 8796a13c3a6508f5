namespace SourceNet;

/// <summary>What did not match when a state was loaded without <c>strict</c>; both are empty otherwise.</summary>
/// <param name="Missing">Names that the model has and the file lacks: they kept their values.</param>
/// <param name="Unexpected">Names that the file has and the model lacks: they were ignored.</param>
public sealed record LoadedState(IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected);

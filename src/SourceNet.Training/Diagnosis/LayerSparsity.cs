namespace SourceNet.Training;

/// <summary>The zeros of one layer.</summary>
/// <param name="Path">Its path from the model.</param>
/// <param name="Weights">Of its weights alone: parameters with at least two axes that are not part of a norm.</param>
/// <param name="All">Of all its parameters.</param>
public sealed record LayerSparsity(string Path, ZeroCount Weights, ZeroCount All);

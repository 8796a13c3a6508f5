namespace SourceNet.Training;

/// <summary>One of the trainings of a cross-validation.</summary>
/// <param name="Train">The indices to learn from, ascending.</param>
/// <param name="Validation">The indices to measure on, ascending: none of them is learned from.</param>
public sealed record Fold(IReadOnlyList<int> Train, IReadOnlyList<int> Validation);

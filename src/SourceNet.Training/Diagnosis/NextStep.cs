namespace SourceNet.Training;

/// <summary>Something to try, and what is there of it already.</summary>
/// <param name="Advice">What to do, in the light of what is declared.</param>
/// <param name="State">Whether the model declares anything of the kind.</param>
/// <param name="Declared">What it declares.</param>
public sealed record NextStep(string Advice, StepState State, IReadOnlyList<Regularization> Declared);

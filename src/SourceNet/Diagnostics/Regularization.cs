namespace SourceNet;

/// <summary>One regularizer of a model: where it acts, what it is, how strong it is, and why it is there.</summary>
/// <param name="Where">A layer or parameter by its state-dict path (<c>block1.conv.weight</c>), or what else it acts on (<c>objective</c>,
/// <c>gradients</c>).</param>
/// <param name="Kind">The regularizer.</param>
/// <param name="Strength">The strength as declared: a number, or an expression over the model's arguments (<c>dropout</c>). Empty where there is none.</param>
/// <param name="Provenance">Whether it was declared here, is a default of the class, or follows from something else.</param>
/// <param name="Fused">What one kernel computes together with it: <c>BatchNorm2d + ReLU</c>. Empty if it is left to libtorch.</param>
public sealed record Regularization(string Where, RegularizationKind Kind, string Strength, Provenance Provenance, string Fused = "");

namespace SourceNet;

/// <summary>
/// Decides what a model's <c>Loss</c> computes; cross-entropy if nothing is said. A model whose forward gives a tuple has one for each output that is
/// trained, <c>[Objective(BinaryCrossEntropy, Of = "Image"), Objective(KullbackLeibler, Of = "Mean, LogVariance")]</c>; the loss is their sum.
/// </summary>
/// <example><code>[Objective(ObjectiveKind.CrossEntropy, IgnoreIndex = 0, ClassWeights = new[] { 1.0, 4.0, 0.5 }, Gamma = 2)]</code></example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class ObjectiveAttribute : Attribute
{
    /// <param name="kind">The objective.</param>
    public ObjectiveAttribute(ObjectiveKind kind) => Kind = kind;

    /// <summary>The objective.</summary>
    public ObjectiveKind Kind { get; }

    /// <summary>
    /// The output that it is about, by its name in the tuple that <c>forward</c> gives; two of them, with a comma between, for Kullback-Leibler.
    /// </summary>
    public string? Of { get; set; }

    /// <summary>How much it counts in the sum, at least 0: a <see cref="double"/> or an expression; 1 if nothing is said.</summary>
    public object Weight { get; set; } = 1.0;

    /// <summary>
    /// For cross-entropy of class indices: targets of this value do not count. They have no loss, no gradient and no part in the mean.
    /// </summary>
    public long IgnoreIndex { get; set; } = -100;

    /// <summary>
    /// For cross-entropy: how much each class counts, as many numbers of at least 0 as there are classes: <c>new[] { 1.0, 4.0 }</c>, or the name of a
    /// constructor parameter that is a list of <see cref="double"/>, <c>nameof(weights)</c>. The mean is then the weighted one, as PyTorch's.
    /// </summary>
    public object? ClassWeights { get; set; }

    /// <summary>
    /// For binary cross-entropy: how much a target of 1 counts beside a target of 0, above 0: a <see cref="double"/> or an expression. PyTorch calls it
    /// <c>pos_weight</c>.
    /// </summary>
    public object? PositiveWeight { get; set; }

    /// <summary>
    /// For cross-entropy and binary cross-entropy: the focusing parameter γ of the focal loss, at least 0, which counts what is predicted well less,
    /// <c>−(1 − p)^γ · log p</c> (Lin et al. 2017, <see href="https://arxiv.org/abs/1708.02002"/>): a <see cref="double"/> or an expression. The paper takes 2.
    /// </summary>
    public object? Gamma { get; set; }
}

namespace SourceNet;

/// <summary>
/// The textbook penalty <c>strength/2 · Σ w²</c> in the loss: ridge, or a Gaussian prior of variance 1/strength. With Adam it is not weight decay.
/// </summary>
/// <remarks>On the class: the default of every block. It means weights, never biases or norm scales; embeddings only if their block says so.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class L2Attribute : Attribute
{
    /// <param name="strength">The strength, at least 0; 0 switches the class's default off.</param>
    public L2Attribute(double strength) => Strength = strength;

    /// <param name="strength">The strength as an expression over constructor parameters and constants: <c>nameof(strength)</c>.</param>
    public L2Attribute(string strength) => Strength = strength;

    /// <summary>The strength, at least 0; 0 switches the class's default off: a <see cref="double"/> or an expression.</summary>
    public object Strength { get; }
}

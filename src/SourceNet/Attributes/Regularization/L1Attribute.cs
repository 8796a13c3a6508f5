namespace SourceNet;

/// <summary>Proximal L1 in the optimizer step, <c>w ← sign(w) · max(|w| − lr · strength, 0)</c>: exact zeros (Tibshirani 1996; Parikh and Boyd 2014).</summary>
/// <remarks>On the class: the default of every block. It means weights, never biases or norm scales; embeddings only if their block says so.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class L1Attribute : Attribute
{
    /// <param name="strength">The strength, at least 0; 0 switches the class's default off.</param>
    public L1Attribute(double strength) => Strength = strength;

    /// <param name="strength">The strength as an expression over constructor parameters and constants: <c>nameof(strength)</c>.</param>
    public L1Attribute(string strength) => Strength = strength;

    /// <summary>The strength, at least 0; 0 switches the class's default off: a <see cref="double"/> or an expression.</summary>
    public object Strength { get; }
}

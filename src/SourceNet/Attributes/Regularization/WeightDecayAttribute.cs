namespace SourceNet;

/// <summary>Decoupled weight decay in the optimizer step, <c>w ← w − lr · strength · w</c> (Loshchilov and Hutter 2019).</summary>
/// <remarks>On the class: the default of every block. It means weights, never biases or norm scales; embeddings only if their block says so.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class WeightDecayAttribute : Attribute
{
    /// <param name="strength">The strength, at least 0; 0 switches the class's default off.</param>
    public WeightDecayAttribute(double strength) => Strength = strength;

    /// <param name="strength">The strength as an expression over constructor parameters and constants: <c>nameof(strength)</c>.</param>
    public WeightDecayAttribute(string strength) => Strength = strength;

    /// <summary>The strength, at least 0; 0 switches the class's default off: a <see cref="double"/> or an expression.</summary>
    public object Strength { get; }
}

namespace SourceNet;

/// <summary>L1 and decay together (Zou and Hastie 2005): <c>alpha · L1Ratio</c> of proximal L1 and <c>alpha · (1 − L1Ratio)</c> of decoupled decay.</summary>
/// <remarks>On the class: the default of every block. It means weights, never biases or norm scales; embeddings only if their block says so.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class ElasticNetAttribute : Attribute
{
    /// <param name="alpha">The strength, at least 0; 0 switches the class's default off.</param>
    public ElasticNetAttribute(double alpha) => Alpha = alpha;

    /// <param name="alpha">The strength as an expression over constructor parameters and constants: <c>nameof(alpha)</c>.</param>
    public ElasticNetAttribute(string alpha) => Alpha = alpha;

    /// <summary>The strength, at least 0; 0 switches the class's default off: a <see cref="double"/> or an expression.</summary>
    public object Alpha { get; }

    /// <summary>The share of L1, in [0, 1]: a <see cref="double"/> or an expression. 0.5 if nothing is said.</summary>
    public object L1Ratio { get; set; } = 0.5;
}

namespace SourceNet;

/// <summary>Keeps the L2 norm of each unit's incoming weights at or below a bound, after each optimizer step (Srivastava et al. 2014).</summary>
/// <remarks>On the class: the default of every block. It means weights, never biases or norm scales; embeddings only if their block says so.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class MaxNormAttribute : Attribute
{
    /// <param name="maximum">The largest norm, above 0.</param>
    public MaxNormAttribute(double maximum) => Maximum = maximum;

    /// <param name="maximum">The largest norm as an expression over constructor parameters and constants: <c>nameof(maximum)</c>.</param>
    public MaxNormAttribute(string maximum) => Maximum = maximum;

    /// <summary>The largest norm, above 0: a <see cref="double"/> or an expression.</summary>
    public object Maximum { get; }
}

namespace SourceNet;

/// <summary>Mixes the target of cross-entropy with the uniform distribution: <c>(1 − ε) · target + ε / classes</c> (Szegedy et al. 2016).</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class LabelSmoothingAttribute : Attribute
{
    /// <param name="epsilon">The share of the uniform distribution, in [0, 1).</param>
    public LabelSmoothingAttribute(double epsilon) => Epsilon = epsilon;

    /// <param name="epsilon">The share of the uniform distribution as an expression over constructor parameters and constants: <c>nameof(epsilon)</c>.</param>
    public LabelSmoothingAttribute(string epsilon) => Epsilon = epsilon;

    /// <summary>The share of the uniform distribution, in [0, 1): a <see cref="double"/> or an expression.</summary>
    public object Epsilon { get; }
}

namespace SourceNet;

/// <summary>Scales the gradients down when their global L2 norm is above a bound, before each optimizer step (Pascanu et al. 2013).</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class GradientClipAttribute : Attribute
{
    /// <param name="maxNorm">The largest global norm, above 0.</param>
    public GradientClipAttribute(double maxNorm) => MaxNorm = maxNorm;

    /// <param name="maxNorm">The largest global norm as an expression over constructor parameters and constants: <c>nameof(maxNorm)</c>.</param>
    public GradientClipAttribute(string maxNorm) => MaxNorm = maxNorm;

    /// <summary>The largest global norm, above 0: a <see cref="double"/> or an expression.</summary>
    public object MaxNorm { get; }
}

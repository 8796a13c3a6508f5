namespace SourceNet;

/// <summary>Adds noise of mean 0 in train mode. The shape stays.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class GaussianNoiseAttribute : LayerAttribute
{
    /// <param name="standardDeviation">The standard deviation of the noise, at least 0.</param>
    public GaussianNoiseAttribute(double standardDeviation) => StandardDeviation = standardDeviation;

    /// <param name="standardDeviation">The standard deviation of the noise as an expression over constructor parameters and constants:
    /// <c>nameof(standardDeviation)</c>.</param>
    public GaussianNoiseAttribute(string standardDeviation) => StandardDeviation = standardDeviation;

    /// <summary>The standard deviation of the noise, at least 0: a <see cref="double"/> or an expression.</summary>
    public object StandardDeviation { get; }
}

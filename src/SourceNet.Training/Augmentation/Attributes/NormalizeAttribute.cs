namespace SourceNet.Training;

/// <summary>Standardizes each channel: <c>(x/255 − mean) / standard deviation</c>. Without it values are in [0, 1].</summary>
/// <param name="mean">The mean of each channel of images with values in [0, 1].</param>
/// <param name="standardDeviation">The standard deviation of each channel, above 0.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NormalizeAttribute(double[] mean, double[] standardDeviation) : Attribute
{
    /// <summary>The mean of each channel.</summary>
    public double[] Mean => mean;

    /// <summary>The standard deviation of each channel.</summary>
    public double[] StandardDeviation => standardDeviation;
}

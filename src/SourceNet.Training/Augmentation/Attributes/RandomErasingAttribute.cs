namespace SourceNet.Training;

/// <summary>Erases a rectangle of the image with probability p (Zhong et al. 2020).</summary>
/// <param name="p">In [0, 1].</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RandomErasingAttribute(double p = 0.5) : Attribute
{
    /// <summary>The probability.</summary>
    public double P => p;

    /// <summary>The least share of the image's area.</summary>
    public double MinScale { get; set; } = 0.02;

    /// <summary>The greatest share of the image's area.</summary>
    public double MaxScale { get; set; } = 0.33;

    /// <summary>The least ratio of height to width.</summary>
    public double MinRatio { get; set; } = 0.3;

    /// <summary>The greatest ratio of height to width.</summary>
    public double MaxRatio { get; set; } = 3.3;
}

namespace SourceNet.Training;

/// <summary>Mirrors the image, left to right, with probability p.</summary>
/// <param name="p">In [0, 1].</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RandomHorizontalFlipAttribute(double p = 0.5) : Attribute
{
    /// <summary>The probability.</summary>
    public double P => p;
}

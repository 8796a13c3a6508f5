namespace SourceNet.Training;

/// <summary>Turns the image around its center by a random angle. The size stays.</summary>
/// <param name="degrees">The greatest angle to each side, in degrees, at least 0.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RandomRotationAttribute(double degrees) : Attribute
{
    /// <summary>The greatest angle to each side, in degrees.</summary>
    public double Degrees => degrees;

    /// <summary>What the new pixels are made of.</summary>
    public ImageInterpolation Interpolation { get; set; }

    /// <summary>What comes in from outside, 0 to 255.</summary>
    public int Fill { get; set; }
}

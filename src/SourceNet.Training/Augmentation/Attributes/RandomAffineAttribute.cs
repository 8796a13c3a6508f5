namespace SourceNet.Training;

/// <summary>Turns, shears, scales and moves the image at random around its center. The size stays.</summary>
/// <param name="degrees">The greatest angle to each side, in degrees, at least 0.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RandomAffineAttribute(double degrees) : Attribute
{
    /// <summary>The greatest angle to each side, in degrees.</summary>
    public double Degrees => degrees;

    /// <summary>The greatest move to each side as a share of the width, in [0, 1].</summary>
    public double TranslateX { get; set; }

    /// <summary>The greatest move up and down as a share of the height, in [0, 1].</summary>
    public double TranslateY { get; set; }

    /// <summary>The least scale, above 0.</summary>
    public double MinScale { get; set; } = 1;

    /// <summary>The greatest scale.</summary>
    public double MaxScale { get; set; } = 1;

    /// <summary>The greatest shear along x to each side, in degrees, in [0, 90).</summary>
    public double ShearX { get; set; }

    /// <summary>The greatest shear along y to each side, in degrees, in [0, 90).</summary>
    public double ShearY { get; set; }

    /// <summary>What the new pixels are made of.</summary>
    public ImageInterpolation Interpolation { get; set; }

    /// <summary>What comes in from outside, 0 to 255.</summary>
    public int Fill { get; set; }
}

namespace SourceNet.Training;

/// <summary>Turns an image around its center by a random angle, every one as likely, as torchvision's <c>RandomRotation</c> does. The size stays.</summary>
/// <param name="degrees">The greatest angle to each side, in degrees, at least 0.</param>
/// <param name="interpolation">What the new pixels are made of.</param>
/// <param name="fill">What comes in from outside, 0 to 255.</param>
/// <exception cref="ArgumentOutOfRangeException">An angle that is negative or not finite, or no value of a pixel.</exception>
public sealed class RandomRotation(double degrees, ImageInterpolation interpolation = ImageInterpolation.Nearest, int fill = 0)
{
    /// <summary>The greatest angle to each side, in degrees.</summary>
    public double Degrees { get; } = Pixel.CheckRange(degrees, "The greatest angle");

    /// <summary>What the new pixels are made of.</summary>
    public ImageInterpolation Interpolation => interpolation;

    /// <summary>What comes in from outside.</summary>
    public int Fill { get; } = Pixel.Check(fill);

    /// <summary>The angle in degrees, counterclockwise.</summary>
    internal double Draw(RandomKey key) => key.Stream(RandomPurpose.Rotation).Uniform(-Degrees, Degrees);

    /// <summary>Where the pixels of the turned image come from.</summary>
    internal AffineMap Map(RandomKey key, ImageShape shape) => AffineMap.Inverse(AffineMap.Center(shape), -Draw(key));
}

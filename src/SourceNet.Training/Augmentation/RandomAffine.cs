namespace SourceNet.Training;

/// <summary>
/// Turns, shears, scales and moves an image at random around its center, as torchvision's <c>RandomAffine</c> does: every angle, shear and scale of its
/// range is as likely, and so is every whole number of pixels to move by. The size stays.
/// </summary>
public sealed class RandomAffine
{
    /// <param name="degrees">The greatest angle to each side, in degrees, at least 0.</param>
    /// <param name="translateX">The greatest move to each side as a share of the width, in [0, 1].</param>
    /// <param name="translateY">The greatest move up and down as a share of the height, in [0, 1].</param>
    /// <param name="minScale">The least scale, above 0.</param>
    /// <param name="maxScale">The greatest scale.</param>
    /// <param name="shearX">The greatest shear along x to each side, in degrees, in [0, 90).</param>
    /// <param name="shearY">The same along y.</param>
    /// <param name="interpolation">What the new pixels are made of.</param>
    /// <param name="fill">What comes in from outside, 0 to 255.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number out of its range.</exception>
    public RandomAffine(
        double degrees,
        double translateX = 0,
        double translateY = 0,
        double minScale = 1,
        double maxScale = 1,
        double shearX = 0,
        double shearY = 0,
        ImageInterpolation interpolation = ImageInterpolation.Nearest,
        int fill = 0)
    {
        if (!(minScale > 0 && minScale <= maxScale && double.IsFinite(maxScale)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(minScale),
                FormattableString.Invariant($"The scales are 0 < least ≤ greatest, and these are {minScale} and {maxScale}."));
        }

        (Degrees, TranslateX, TranslateY) = (Pixel.CheckRange(degrees, "The greatest angle"), Probability.Check(translateX), Probability.Check(translateY));
        (MinScale, MaxScale, ShearX, ShearY) = (minScale, maxScale, CheckShear(shearX, nameof(shearX)), CheckShear(shearY, nameof(shearY)));
        (Interpolation, Fill) = (interpolation, Pixel.Check(fill));
    }

    /// <summary>The greatest angle to each side, in degrees.</summary>
    public double Degrees { get; }

    /// <summary>The greatest move to each side as a share of the width.</summary>
    public double TranslateX { get; }

    /// <summary>The greatest move up and down as a share of the height.</summary>
    public double TranslateY { get; }

    /// <summary>The least scale.</summary>
    public double MinScale { get; }

    /// <summary>The greatest scale.</summary>
    public double MaxScale { get; }

    /// <summary>The greatest shear along x to each side, in degrees.</summary>
    public double ShearX { get; }

    /// <summary>The greatest shear along y to each side, in degrees.</summary>
    public double ShearY { get; }

    /// <summary>What the new pixels are made of.</summary>
    public ImageInterpolation Interpolation { get; }

    /// <summary>What comes in from outside.</summary>
    public int Fill { get; }

    /// <summary>The angle in degrees, clockwise; the move in pixels; the scale; the shear in degrees.</summary>
    internal (double Angle, (double X, double Y) Move, double Scale, (double X, double Y) Shear) Draw(RandomKey key, ImageShape shape)
    {
        var stream = key.Stream(RandomPurpose.Affine);
        var angle = stream.Uniform(-Degrees, Degrees);
        var (x, y) = (TranslateX * shape.Width, TranslateY * shape.Height);
        var move = (Math.Round(stream.Uniform(-x, x)), Math.Round(stream.Uniform(-y, y)));
        var scale = stream.Uniform(MinScale, MaxScale);
        return (angle, move, scale, (stream.Uniform(-ShearX, ShearX), stream.Uniform(-ShearY, ShearY)));
    }

    /// <summary>Where the pixels of the changed image come from.</summary>
    internal AffineMap Map(RandomKey key, ImageShape shape)
    {
        var (angle, move, scale, shear) = Draw(key, shape);
        return AffineMap.Inverse(AffineMap.Center(shape), angle, move, scale, shear);
    }

    private static double CheckShear(double degrees, string name) =>
        degrees is >= 0 and < 90 ? degrees : throw new ArgumentOutOfRangeException(name, degrees, "A shear is at least 0 and below 90 degrees.");
}

namespace SourceNet.Training;

/// <summary>
/// Changes brightness, contrast and saturation, in this order, by random factors. Brightness multiplies the values; contrast mixes them with the mean gray of
/// the image; saturation with the gray of each pixel. After each the values are clamped to what an image can have.
/// </summary>
public sealed class ColorJitter
{
    /// <param name="brightness">b: the factor is uniform in [max(0, 1 − b), 1 + b].</param>
    /// <param name="contrast">The same for the contrast.</param>
    /// <param name="saturation">The same for the saturation.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number that is negative or not finite.</exception>
    public ColorJitter(double brightness = 0, double contrast = 0, double saturation = 0)
    {
        Brightness = Check(brightness, nameof(brightness));
        Contrast = Check(contrast, nameof(contrast));
        Saturation = Check(saturation, nameof(saturation));
    }

    /// <summary>How far the brightness may change.</summary>
    public double Brightness { get; }

    /// <summary>How far the contrast may change.</summary>
    public double Contrast { get; }

    /// <summary>How far the saturation may change.</summary>
    public double Saturation { get; }

    /// <exception cref="ArgumentException">The images have no such property.</exception>
    internal void Check(ImageShape shape)
    {
        if (Saturation > 0 && shape.Channels != 3)
        {
            throw new ArgumentException($"The saturation is that of red, green and blue, and the images are {shape}.", nameof(shape));
        }

        if (Contrast > 0 && shape.Channels is not (1 or 3))
        {
            throw new ArgumentException($"The contrast is that of gray images or of red, green and blue, and the images are {shape}.", nameof(shape));
        }
    }

    internal ColorFactors Draw(RandomKey key)
    {
        var stream = key.Stream(RandomPurpose.Jitter);
        return new(Factor(ref stream, Brightness), Factor(ref stream, Contrast), Factor(ref stream, Saturation));
    }

    private static double Check(double strength, string name) => strength >= 0 && double.IsFinite(strength)
        ? strength
        : throw new ArgumentOutOfRangeException(name, strength, "The strength of a color jitter must be at least 0 and finite.");

    private static float Factor(ref RandomStream stream, double strength) => (float)stream.Uniform(Math.Max(0, 1 - strength), 1 + strength);
}

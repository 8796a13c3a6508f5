namespace SourceNet.Training;

/// <summary>
/// Erases a rectangle of an image with probability p (Zhong et al. 2020): the values become 0 after standardization, which is the mean color.
/// </summary>
public sealed class RandomErasing
{
    /// <summary>How often a rectangle is drawn that does not fit before the image stays whole.</summary>
    private const int Attempts = 10;

    /// <param name="p">The probability, in [0, 1].</param>
    /// <param name="minScale">The least share of the image's area.</param>
    /// <param name="maxScale">The greatest share of the image's area.</param>
    /// <param name="minRatio">The least ratio of height to width.</param>
    /// <param name="maxRatio">The greatest ratio of height to width.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not a probability, shares that are not 0 ≤ least ≤ greatest ≤ 1, or ratios that are not 0 &lt; least ≤
    /// greatest.</exception>
    public RandomErasing(double p = 0.5, double minScale = 0.02, double maxScale = 0.33, double minRatio = 0.3, double maxRatio = 3.3)
    {
        P = Probability.Check(p);
        if (!(minScale >= 0 && minScale <= maxScale && maxScale <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(minScale),
                FormattableString.Invariant($"The shares of the area are 0 ≤ least ≤ greatest ≤ 1, and these are {minScale} and {maxScale}."));
        }

        if (!(minRatio > 0 && minRatio <= maxRatio && double.IsFinite(maxRatio)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(minRatio),
                FormattableString.Invariant($"The ratios of height to width are 0 < least ≤ greatest, and these are {minRatio} and {maxRatio}."));
        }

        (MinScale, MaxScale, MinRatio, MaxRatio) = (minScale, maxScale, minRatio, maxRatio);
    }

    /// <summary>The probability.</summary>
    public double P { get; }

    /// <summary>The least share of the image's area.</summary>
    public double MinScale { get; }

    /// <summary>The greatest share of the image's area.</summary>
    public double MaxScale { get; }

    /// <summary>The least ratio of height to width.</summary>
    public double MinRatio { get; }

    /// <summary>The greatest ratio of height to width.</summary>
    public double MaxRatio { get; }

    /// <summary>What is erased: an empty box for nothing. The logarithm of the ratio is uniform, so that upright and lying rectangles are as likely.</summary>
    internal Box Draw(RandomKey key, ImageShape shape)
    {
        var stream = key.Stream(RandomPurpose.Erasing);
        if (!stream.Chance(P))
        {
            return default;
        }

        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var area = shape.Pixels * stream.Uniform(MinScale, MaxScale);
            var ratio = Math.Exp(stream.Uniform(Math.Log(MinRatio), Math.Log(MaxRatio)));
            var height = Math.Round(Math.Sqrt(area * ratio));
            var width = Math.Round(Math.Sqrt(area / ratio));
            if (height <= shape.Height && width <= shape.Width)
            {
                var (rows, columns) = ((int)height, (int)width);
                return new Box(stream.Below(shape.Height - rows + 1), stream.Below(shape.Width - columns + 1), rows, columns);
            }
        }

        return default;
    }
}

namespace SourceNet.Training;

/// <summary>
/// Cuts a part of random area and ratio out of an image and makes it a square of one size, as torchvision's <c>RandomResizedCrop</c> does: "Inception" cropping
/// (Szegedy et al. 2015, https://arxiv.org/abs/1409.4842).
/// </summary>
public sealed class RandomResizedCrop
{
    /// <summary>How often a part is drawn that does not fit before the center is taken.</summary>
    private const int Attempts = 10;

    /// <param name="size">The side of the square, in pixels.</param>
    /// <param name="minScale">The least share of the image's area, above 0.</param>
    /// <param name="maxScale">The greatest share of the image's area, at most 1.</param>
    /// <param name="minRatio">The least ratio of width to height, above 0.</param>
    /// <param name="maxRatio">The greatest ratio of width to height.</param>
    /// <param name="interpolation">What the new pixels are made of; bilinear with antialiasing.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size below 1, shares that are not 0 &lt; least ≤ greatest ≤ 1, or ratios that are not 0 &lt; least ≤
    /// greatest.</exception>
    public RandomResizedCrop(
        int size,
        double minScale = 0.08,
        double maxScale = 1,
        double minRatio = 0.75,
        double maxRatio = 4.0 / 3,
        ImageInterpolation interpolation = ImageInterpolation.Bilinear)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        if (!(minScale > 0 && minScale <= maxScale && maxScale <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(minScale),
                FormattableString.Invariant($"The shares of the area are 0 < least ≤ greatest ≤ 1, and these are {minScale} and {maxScale}."));
        }

        if (!(minRatio > 0 && minRatio <= maxRatio && double.IsFinite(maxRatio)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(minRatio),
                FormattableString.Invariant($"The ratios of width to height are 0 < least ≤ greatest, and these are {minRatio} and {maxRatio}."));
        }

        (Size, MinScale, MaxScale, MinRatio, MaxRatio, Interpolation) = (size, minScale, maxScale, minRatio, maxRatio, interpolation);
    }

    /// <summary>The side of the square, in pixels.</summary>
    public int Size { get; }

    /// <summary>The least share of the image's area.</summary>
    public double MinScale { get; }

    /// <summary>The greatest share of the image's area.</summary>
    public double MaxScale { get; }

    /// <summary>The least ratio of width to height.</summary>
    public double MinRatio { get; }

    /// <summary>The greatest ratio of width to height.</summary>
    public double MaxRatio { get; }

    /// <summary>What the new pixels are made of.</summary>
    public ImageInterpolation Interpolation { get; }

    internal ImageShape OutputShape(ImageShape input) => input with { Height = Size, Width = Size };

    /// <summary>The part. The logarithm of the ratio is uniform; after ten that do not fit it is the largest one in the center with a ratio of the
    /// range.</summary>
    internal Box Draw(RandomKey key, ImageShape shape)
    {
        var stream = key.Stream(RandomPurpose.ResizedCrop);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var area = shape.Pixels * stream.Uniform(MinScale, MaxScale);
            var ratio = Math.Exp(stream.Uniform(Math.Log(MinRatio), Math.Log(MaxRatio)));
            var width = Math.Round(Math.Sqrt(area * ratio));
            var height = Math.Round(Math.Sqrt(area / ratio));
            if (width > 0 && width <= shape.Width && height > 0 && height <= shape.Height)
            {
                var (rows, columns) = ((int)height, (int)width);
                return new Box(stream.Below(shape.Height - rows + 1), stream.Below(shape.Width - columns + 1), rows, columns);
            }
        }

        return Center(shape);
    }

    private Box Center(ImageShape shape)
    {
        var ratio = (double)shape.Width / shape.Height;
        var (height, width) = ratio < MinRatio ? ((int)Math.Round(shape.Width / MinRatio), shape.Width)
            : ratio > MaxRatio ? (shape.Height, (int)Math.Round(shape.Height * MaxRatio))
            : (shape.Height, shape.Width);
        (height, width) = (Math.Clamp(height, 1, shape.Height), Math.Clamp(width, 1, shape.Width));
        return new Box((shape.Height - height) / 2, (shape.Width - width) / 2, height, width);
    }
}

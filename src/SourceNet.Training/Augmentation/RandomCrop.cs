namespace SourceNet.Training;

/// <summary>Cuts a square at a random place out of an image with a border of black, every place as likely as another.</summary>
public sealed class RandomCrop
{
    /// <param name="size">The side of the square, in pixels.</param>
    /// <param name="padding">The width of the border on each side, in pixels.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size below 1 or a negative padding.</exception>
    public RandomCrop(int size, int padding = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
        Size = size;
        Padding = padding;
    }

    /// <summary>The side of the square, in pixels.</summary>
    public int Size { get; }

    /// <summary>The width of the border on each side, in pixels.</summary>
    public int Padding { get; }

    /// <exception cref="ArgumentException">The image is too small.</exception>
    internal ImageShape OutputShape(ImageShape input) => Size <= input.Height + (2L * Padding) && Size <= input.Width + (2L * Padding)
        ? input with { Height = Size, Width = Size }
        : throw new ArgumentException($"RandomCrop cuts {Size} x {Size} pixels, and the images are {input} with a border of {Padding}.", nameof(input));

    /// <summary>Where the square's upper left corner lies in the image, negative in the border.</summary>
    internal (int Top, int Left) Draw(RandomKey key, ImageShape shape)
    {
        var stream = key.Stream(RandomPurpose.Crop);
        return (stream.Below(shape.Height + (2 * Padding) - Size + 1) - Padding, stream.Below(shape.Width + (2 * Padding) - Size + 1) - Padding);
    }
}

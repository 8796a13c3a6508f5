using SourceNet.Training;

namespace SourceNet.Data;

/// <summary>Makes an image of any size one of a given size.</summary>
internal static class FittedImage
{
    /// <param name="image"><c>[C, H, W]</c>.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="output">Receives an image of the size.</param>
    /// <param name="size">The shape that is asked for, with as many channels.</param>
    /// <param name="fit">How.</param>
    /// <param name="background">The borders with <see cref="ImageFit.Pad"/>.</param>
    internal static void Fit(byte[] image, ImageShape shape, Span<byte> output, ImageShape size, ImageFit fit, byte background)
    {
        var whole = new Box(0, 0, shape.Height, shape.Width);
        if (fit != ImageFit.Pad)
        {
            Resampling.Resize(image, shape, fit == ImageFit.Crop ? Center(shape, size) : whole, output, size, ImageInterpolation.Bilinear);
            return;
        }

        // The largest part of the output that has the image's ratio.
        var part = Center(size, shape);
        var inner = size with { Height = part.Height, Width = part.Width };
        var small = new byte[inner.Count];
        Resampling.Resize(image, shape, whole, small, inner, ImageInterpolation.Bilinear);
        output.Fill(background);
        for (var row = 0; row < size.Channels * part.Height; row++)
        {
            var (channel, y) = (row / part.Height, row % part.Height);
            small.AsSpan(row * part.Width, part.Width).CopyTo(output[((channel * size.Pixels) + ((part.Top + y) * size.Width) + part.Left)..]);
        }
    }

    /// <summary>The largest part in the center of an image that has the ratio of another.</summary>
    private static Box Center(ImageShape shape, ImageShape ratio)
    {
        var isWide = (long)shape.Width * ratio.Height > (long)shape.Height * ratio.Width;
        var width = isWide ? Part(shape.Height, ratio.Width, ratio.Height, shape.Width) : shape.Width;
        var height = isWide ? shape.Height : Part(shape.Width, ratio.Height, ratio.Width, shape.Height);
        return new((shape.Height - height) / 2, (shape.Width - width) / 2, height, width);
    }

    private static int Part(int side, int wanted, int other, int most) => Math.Clamp((int)Math.Round((double)side * wanted / other), 1, most);
}

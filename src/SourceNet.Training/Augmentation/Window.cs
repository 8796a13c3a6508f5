namespace SourceNet.Training;

/// <summary>A part of an image, possibly mirrored. What lies outside of the image is black.</summary>
/// <param name="Top">The first row, negative above the image.</param>
/// <param name="Left">The first column, negative beside the image.</param>
/// <param name="Mirrored">Whether left and right change places.</param>
internal readonly record struct Window(int Top, int Left, bool Mirrored)
{
    /// <param name="image"><c>[C, H, W]</c>.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="output">Receives the part.</param>
    /// <param name="size">The shape of the part.</param>
    internal void Copy(ReadOnlySpan<byte> image, ImageShape shape, Span<byte> output, ImageShape size)
    {
        var (firstRow, lastRow) = Seen(Top, shape.Height, size.Height);
        var (first, last) = Seen(Left, shape.Width, size.Width);
        output.Clear();
        if (first == last)
        {
            return;
        }

        for (var channel = 0; channel < shape.Channels; channel++)
        {
            for (var y = firstRow; y < lastRow; y++)
            {
                var row = output.Slice((channel * size.Pixels) + (y * size.Width), size.Width);
                image.Slice((channel * shape.Pixels) + ((y + Top) * shape.Width) + first + Left, last - first).CopyTo(row[first..]);
                if (Mirrored)
                {
                    row.Reverse();
                }
            }
        }
    }

    /// <summary>Which places of the part show the image: from the first up to the last, which is not one of them.</summary>
    private static (int First, int Last) Seen(int offset, int length, int size)
    {
        var first = Math.Clamp(-offset, 0, size);
        return (first, Math.Clamp(length - offset, first, size));
    }
}

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
        var start = Math.Clamp(-Left, 0, size.Width);
        var end = Math.Clamp(shape.Width - Left, start, size.Width);
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            for (var y = 0; y < size.Height; y++)
            {
                var row = output.Slice((channel * size.Pixels) + (y * size.Width), size.Width);
                var source = y + Top;
                if (source < 0 || source >= shape.Height || start == end)
                {
                    row.Clear();
                    continue;
                }

                row[..start].Clear();
                row[end..].Clear();
                image.Slice((channel * shape.Pixels) + (source * shape.Width) + start + Left, end - start).CopyTo(row[start..]);
                if (Mirrored)
                {
                    row.Reverse();
                }
            }
        }
    }
}

namespace SourceNet.Training;

/// <summary>Mixes an image with a smoothed one: <c>x + (1 − factor) · (smooth − x)</c>, without the outermost pixels.</summary>
internal static class Sharpness
{
    /// <summary>The smoothed image has 5/13 of each pixel and 1/13 of each of the eight around it, rounded.</summary>
    internal static void Apply(ReadOnlySpan<byte> image, ImageShape shape, Span<byte> output, double factor)
    {
        image[..shape.Count].CopyTo(output);
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            for (var y = 1; y < shape.Height - 1; y++)
            {
                for (var x = 1; x < shape.Width - 1; x++)
                {
                    var place = (channel * shape.Pixels) + (y * shape.Width) + x;
                    var smooth = (Row(image, place - shape.Width) + Row(image, place) + Row(image, place + shape.Width) + (4 * image[place]) + 6) / 13;
                    output[place] = ToneTable.Cut(image[place] + ((1 - factor) * (smooth - image[place])));
                }
            }
        }
    }

    private static int Row(ReadOnlySpan<byte> image, int place) => image[place - 1] + image[place] + image[place + 1];
}

namespace SourceNet.Training;

/// <summary>How bright pixels look (ITU-R BT.601), in whole numbers.</summary>
internal static class ByteGray
{
    /// <summary>The gray of a pixel, rounded down.</summary>
    internal static int Of(byte red, byte green, byte blue) => ((299 * red) + (587 * green) + (114 * blue)) / 1000;

    /// <summary>The mean gray of an image with one channel or with red, green and blue.</summary>
    internal static double Mean(ReadOnlySpan<byte> image, ImageShape shape)
    {
        var sum = 0L;
        for (var place = 0; place < shape.Pixels; place++)
        {
            sum += shape.Channels == 1 ? image[place] : Of(image[place], image[place + shape.Pixels], image[place + (2 * shape.Pixels)]);
        }

        return (double)sum / shape.Pixels;
    }

    /// <summary>Mixes each pixel with its gray: <c>factor · x + (1 − factor) · gray</c>. A gray image stays.</summary>
    internal static void Saturate(ReadOnlySpan<byte> image, ImageShape shape, Span<byte> output, double factor)
    {
        if (shape.Channels == 1)
        {
            image.CopyTo(output);
            return;
        }

        for (var place = 0; place < shape.Pixels; place++)
        {
            var gray = (1 - factor) * Of(image[place], image[place + shape.Pixels], image[place + (2 * shape.Pixels)]);
            for (var at = place; at < shape.Count; at += shape.Pixels)
            {
                output[at] = ToneTable.Cut((factor * image[at]) + gray);
            }
        }
    }
}

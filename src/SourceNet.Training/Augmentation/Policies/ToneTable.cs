namespace SourceNet.Training;

/// <summary>What each of the 256 values of a pixel becomes.</summary>
internal readonly struct ToneTable
{
    private readonly byte[] values;

    private ToneTable(Func<int, double> of)
    {
        values = new byte[256];
        for (var value = 0; value < values.Length; value++)
        {
            values[value] = Cut(of(value));
        }
    }

    /// <summary>To what an image can have, without the part behind the point.</summary>
    internal static byte Cut(double value) => (byte)Math.Clamp(value, 0, 255);

    internal static ToneTable Brightness(double factor) => new(value => factor * value);

    /// <param name="factor">How much of each value is kept.</param>
    /// <param name="mean">The mean gray of the image, which the rest is.</param>
    internal static ToneTable Contrast(double factor, double mean) => new(value => (factor * value) + ((1 - factor) * mean));

    /// <summary>Keeps the highest bits.</summary>
    internal static ToneTable Posterize(int bits) => new(value => value & (0xFF00 >> bits));

    /// <summary>Turns values from a threshold on around.</summary>
    internal static ToneTable Solarize(double threshold) => new(value => value >= threshold ? 255 - value : value);

    /// <summary>Stretches a channel so that it goes from 0 to 255; one of a single value stays.</summary>
    internal static ToneTable AutoContrast(ReadOnlySpan<byte> plane)
    {
        var (least, greatest) = (byte.MaxValue, byte.MinValue);
        foreach (var value in plane)
        {
            (least, greatest) = (Math.Min(least, value), Math.Max(greatest, value));
        }

        return greatest > least ? new(value => (value - least) * 255.0 / (greatest - least)) : new(value => value);
    }

    /// <summary>Makes every brightness of a channel about as frequent, by PIL's whole numbers; a channel with too few other values than its greatest
    /// stays.</summary>
    internal static ToneTable Equalize(ReadOnlySpan<byte> plane)
    {
        var counts = new int[256];
        foreach (var value in plane)
        {
            counts[value]++;
        }

        var last = Array.FindLastIndex(counts, count => count > 0);
        var step = (plane.Length - counts[Math.Max(0, last)]) / 255;
        if (step == 0)
        {
            return new(value => value);
        }

        var below = new int[256];
        for (var value = 1; value < below.Length; value++)
        {
            below[value] = below[value - 1] + counts[value - 1];
        }

        return new(value => (below[value] + (step / 2)) / step);
    }

    internal void Apply(ReadOnlySpan<byte> image, Span<byte> output)
    {
        output = output[..image.Length];
        for (var place = 0; place < image.Length; place++)
        {
            output[place] = values[image[place]];
        }
    }
}

namespace SourceNet.Training;

/// <summary>The pixels of one axis that a new pixel is made of, and how much of each: those of <paramref name="First"/> and after.</summary>
internal readonly record struct Taps(int First, float[] Weights);

/// <summary>Resizes a part of an image, one axis after the other: what PIL and torchvision call bilinear with antialiasing.</summary>
internal static class Resampling
{
    /// <param name="image"><c>[C, H, W]</c>.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="part">The part that is resized, inside of the image.</param>
    /// <param name="output">Receives the resized part.</param>
    /// <param name="size">Its shape, with as many channels.</param>
    /// <param name="interpolation">What its pixels are made of.</param>
    internal static void Resize(ReadOnlySpan<byte> image, ImageShape shape, Box part, Span<byte> output, ImageShape size, ImageInterpolation interpolation)
    {
        var columns = Axis(part.Width, size.Width, interpolation);
        var rows = Axis(part.Height, size.Height, interpolation);
        var narrow = new float[part.Height * size.Width];
        var sums = new float[size.Width];
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            for (var y = 0; y < part.Height; y++)
            {
                var row = image.Slice((channel * shape.Pixels) + ((part.Top + y) * shape.Width) + part.Left, part.Width);
                Along(row, columns, narrow.AsSpan(y * size.Width, size.Width));
            }

            for (var y = 0; y < size.Height; y++)
            {
                Across(narrow, rows[y], sums);
                var to = output.Slice((channel * size.Pixels) + (y * size.Width), size.Width);
                for (var x = 0; x < to.Length; x++)
                {
                    to[x] = (byte)(sums[x] + 0.5f);
                }
            }
        }
    }

    /// <summary>
    /// For each new pixel those of the old ones that lie under a triangle around its center: as wide as an old pixel is far from its neighbors, or a new one
    /// where the image becomes smaller. Their weights sum up to 1.
    /// </summary>
    private static Taps[] Axis(int length, int size, ImageInterpolation interpolation)
    {
        var step = (double)length / size;
        var reach = Math.Max(1, step);
        var taps = new Taps[size];
        for (var place = 0; place < size; place++)
        {
            var center = (place + 0.5) * step;
            if (interpolation == ImageInterpolation.Nearest)
            {
                taps[place] = new(Math.Min((int)center, length - 1), [1]);
                continue;
            }

            var first = Math.Max(0, (int)Math.Floor(center - reach + 0.5));
            var end = Math.Min(length, (int)Math.Floor(center + reach + 0.5));
            var weights = new double[end - first];
            for (var tap = 0; tap < weights.Length; tap++)
            {
                weights[tap] = Math.Max(0, 1 - (Math.Abs(first + tap + 0.5 - center) / reach));
            }

            var sum = weights.Sum();
            taps[place] = new(first, [.. weights.Select(weight => (float)(weight / sum))]);
        }

        return taps;
    }

    private static void Along(ReadOnlySpan<byte> row, Taps[] columns, Span<float> output)
    {
        for (var x = 0; x < output.Length; x++)
        {
            var (first, weights) = columns[x];
            var sum = 0f;
            var from = row.Slice(first, weights.Length);
            for (var tap = 0; tap < from.Length; tap++)
            {
                sum += weights[tap] * from[tap];
            }

            output[x] = sum;
        }
    }

    private static void Across(ReadOnlySpan<float> image, Taps taps, Span<float> sums)
    {
        sums.Clear();
        for (var tap = 0; tap < taps.Weights.Length; tap++)
        {
            var weight = taps.Weights[tap];
            var row = image.Slice((taps.First + tap) * sums.Length, sums.Length);
            for (var x = 0; x < sums.Length; x++)
            {
                sums[x] += weight * row[x];
            }
        }
    }
}

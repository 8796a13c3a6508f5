namespace SourceNet.Training.Tests.Augmentations;

/// <summary>Each transform once more, pixel by pixel and in double precision, from its description.</summary>
internal static class Reference
{
    /// <summary>Values from 0 to 255 at [channel, y, x]; 0 outside of the image.</summary>
    internal delegate double Picture(int channel, int y, int x);

    internal static Picture Of(byte[] image, ImageShape shape) => (channel, y, x) =>
        y >= 0 && y < shape.Height && x >= 0 && x < shape.Width ? image[(((channel * shape.Height) + y) * shape.Width) + x] : 0;

    internal static Picture Crop(Picture picture, int top, int left) => (channel, y, x) => picture(channel, y + top, x + left);

    internal static Picture Mirror(Picture picture, int width) => (channel, y, x) => picture(channel, y, width - 1 - x);

    internal static Picture Brightness(Picture picture, double factor) => (channel, y, x) => Clamp(factor * picture(channel, y, x));

    internal static Picture Contrast(Picture picture, double factor, ImageShape shape)
    {
        var sum = 0.0;
        for (var y = 0; y < shape.Height; y++)
        {
            for (var x = 0; x < shape.Width; x++)
            {
                sum += Luma(picture, shape, y, x);
            }
        }

        var mean = sum / shape.Height / shape.Width;
        return (channel, y, x) => Clamp((factor * picture(channel, y, x)) + ((1 - factor) * mean));
    }

    internal static Picture Saturation(Picture picture, double factor, ImageShape shape) =>
        (channel, y, x) => Clamp((factor * picture(channel, y, x)) + ((1 - factor) * Luma(picture, shape, y, x)));

    internal static Picture Normalize(Picture picture, Normalize normalize) =>
        (channel, y, x) => ((picture(channel, y, x) / 255) - normalize.Mean[channel]) / normalize.StandardDeviation[channel];

    internal static Picture Erase(Picture picture, Box box) => (channel, y, x) =>
        y >= box.Top && y < box.Top + box.Height && x >= box.Left && x < box.Left + box.Width ? 0 : picture(channel, y, x);

    internal static double[] Values(Picture picture, ImageShape shape)
    {
        var values = new List<double>();
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            for (var y = 0; y < shape.Height; y++)
            {
                for (var x = 0; x < shape.Width; x++)
                {
                    values.Add(picture(channel, y, x));
                }
            }
        }

        return [.. values];
    }

    /// <summary>Everything that an augmentation does, with the numbers that it draws.</summary>
    internal static double[] Apply(Augmentation augmentation, byte[] image, ImageShape shape, RandomKey key)
    {
        var picture = Of(image, shape);
        var size = shape;
        if (augmentation.Crop is { } crop)
        {
            var (top, left) = crop.Draw(key, shape);
            (picture, size) = (Crop(picture, top, left), shape with { Height = crop.Size, Width = crop.Size });
        }

        if (augmentation.Flip?.Draw(key) == true)
        {
            picture = Mirror(picture, size.Width);
        }

        if (augmentation.Jitter is { } jitter)
        {
            var factors = jitter.Draw(key);
            picture = Brightness(picture, factors.Brightness);
            picture = jitter.Contrast > 0 ? Contrast(picture, factors.Contrast, size) : picture;
            picture = jitter.Saturation > 0 ? Saturation(picture, factors.Saturation, size) : picture;
        }

        picture = Normalize(picture, augmentation.Normalize ?? new Normalize([.. new double[shape.Channels]], [.. Enumerable.Repeat(1.0, shape.Channels)]));
        return Values(augmentation.Erasing is { } erasing ? Erase(picture, erasing.Draw(key, size)) : picture, size);
    }

    private static double Luma(Picture picture, ImageShape shape, int y, int x) =>
        shape.Channels == 1 ? picture(0, y, x) : (0.299 * picture(0, y, x)) + (0.587 * picture(1, y, x)) + (0.114 * picture(2, y, x));

    private static double Clamp(double value) => Math.Clamp(value, 0, 255);
}

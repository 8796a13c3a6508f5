namespace SourceNet.Training;

/// <summary>What one image's colors are changed by. 1 leaves them as they are.</summary>
internal readonly record struct ColorFactors(float Brightness, float Contrast, float Saturation)
{
    /// <summary>The function of a pixel: the contrast depends on the mean gray of the whole image.</summary>
    internal ContrastMap Map(ReadOnlySpan<byte> image, ImageShape shape)
    {
        var brightness = new BrightnessMap(Brightness);
        return new(brightness, Contrast, Contrast == 1 ? 0 : (1 - Contrast) * MeanGray(image, shape, brightness));
    }

    private static float MeanGray(ReadOnlySpan<byte> image, ImageShape shape, BrightnessMap brightness)
    {
        var sum = 0.0;
        var weights = Gray.Weights(shape.Channels);
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            sum += weights[channel] * PixelLoops.Sum(image.Slice(channel * shape.Pixels, shape.Pixels), brightness);
        }

        return (float)(sum / shape.Pixels);
    }
}

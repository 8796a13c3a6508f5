namespace SourceNet.Training;

/// <summary>One change of an image with its strength.</summary>
/// <param name="Operation">What is changed.</param>
/// <param name="Magnitude">
/// A slope for shears, pixels for moves, degrees counterclockwise for turns, 1 less than the factor for colors and sharpness, bits to keep for posterize, a
/// share of 255 for solarize; nothing for the others.
/// </param>
internal readonly record struct PolicyStep(PolicyOperation Operation, double Magnitude)
{
    /// <summary>Makes the changed image, of the same shape. As torchvision's transforms v2 do with bytes: results are cut to whole numbers.</summary>
    /// <param name="image"><c>[C, H, W]</c>, one channel or red, green and blue.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="output">Receives the changed image; not the same memory.</param>
    /// <param name="interpolation">What the pixels of turned and moved images are made of.</param>
    /// <param name="fill">What comes in from outside.</param>
    internal void Apply(ReadOnlySpan<byte> image, ImageShape shape, Span<byte> output, ImageInterpolation interpolation, byte fill)
    {
        switch (Operation)
        {
            case PolicyOperation.Identity:
                image.CopyTo(output);
                break;
            case PolicyOperation.ShearX or PolicyOperation.ShearY or PolicyOperation.TranslateX or PolicyOperation.TranslateY or PolicyOperation.Rotate:
                Map(shape).Apply(image, shape, output, interpolation, fill);
                break;
            case PolicyOperation.Brightness:
                ToneTable.Brightness(1 + Magnitude).Apply(image, output);
                break;
            case PolicyOperation.Contrast:
                ToneTable.Contrast(1 + Magnitude, ByteGray.Mean(image, shape)).Apply(image, output);
                break;
            case PolicyOperation.Posterize:
                ToneTable.Posterize((int)Magnitude).Apply(image, output);
                break;
            case PolicyOperation.Solarize:
                ToneTable.Solarize(255 * Magnitude).Apply(image, output);
                break;
            case PolicyOperation.AutoContrast:
                ApplyToChannels(image, shape, output, static plane => ToneTable.AutoContrast(plane));
                break;
            case PolicyOperation.Equalize:
                ApplyToChannels(image, shape, output, static plane => ToneTable.Equalize(plane));
                break;
            case PolicyOperation.Color:
                ByteGray.Saturate(image, shape, output, 1 + Magnitude);
                break;
            case PolicyOperation.Sharpness:
                Sharpness.Apply(image, shape, output, 1 + Magnitude);
                break;
            default:
                throw new InvalidOperationException($"There is no operation {Operation}.");
        }
    }

    /// <summary>Where the pixels of a sheared, moved or turned image come from. Shears keep the upper left corner in place, turns the center.</summary>
    private AffineMap Map(ImageShape shape)
    {
        // The corner of the first pixel, whose center is at 0.
        var corner = (-0.5, -0.5);
        var slope = double.RadiansToDegrees(Math.Atan(Magnitude));
        return Operation switch
        {
            PolicyOperation.ShearX => AffineMap.Inverse(corner, shear: (slope, 0)),
            PolicyOperation.ShearY => AffineMap.Inverse(corner, shear: (0, slope)),
            PolicyOperation.TranslateX => AffineMap.Inverse(corner, move: (Math.Truncate(Magnitude), 0)),
            PolicyOperation.TranslateY => AffineMap.Inverse(corner, move: (0, Math.Truncate(Magnitude))),
            _ => AffineMap.Inverse(AffineMap.Center(shape), -Magnitude),
        };
    }

    private delegate ToneTable TableOf(ReadOnlySpan<byte> plane);

    private static void ApplyToChannels(ReadOnlySpan<byte> image, ImageShape shape, Span<byte> output, TableOf table)
    {
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            var plane = image.Slice(channel * shape.Pixels, shape.Pixels);
            table(plane).Apply(plane, output.Slice(channel * shape.Pixels, shape.Pixels));
        }
    }
}

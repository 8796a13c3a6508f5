using System.Buffers;

namespace SourceNet.Training;

/// <summary>
/// Random changes of images that do not change what they show, in one pass from bytes to floats: crop, flip, colors, standardization, erasing, in this order. Each image has its own draw, which depends on
/// its <see cref="RandomKey"/> alone.
/// </summary>
/// <param name="crop">Where an image is cut; null for the whole image.</param>
/// <param name="flip">How often an image is mirrored; null for never.</param>
/// <param name="jitter">How colors change; null for not at all.</param>
/// <param name="normalize">How channels are standardized; null for values in [0, 1].</param>
/// <param name="erasing">What is erased; null for nothing.</param>
public class Augmentation(
    RandomCrop? crop = null, RandomHorizontalFlip? flip = null, ColorJitter? jitter = null, Normalize? normalize = null, RandomErasing? erasing = null) : ImageTransform
{
    /// <summary>Where an image is cut; null for the whole image.</summary>
    public RandomCrop? Crop => crop;

    /// <summary>How often an image is mirrored; null for never.</summary>
    public RandomHorizontalFlip? Flip => flip;

    /// <summary>How colors change; null for not at all.</summary>
    public ColorJitter? Jitter => jitter;

    /// <summary>How channels are standardized; null for values in [0, 1]. Images to evaluate on go through this alone.</summary>
    public Normalize? Normalize => normalize;

    /// <summary>What is erased; null for nothing.</summary>
    public RandomErasing? Erasing => erasing;

    /// <inheritdoc/>
    public override ImageShape OutputShape(ImageShape input)
    {
        jitter?.Check(input);
        normalize?.OutputShape(input);
        return crop?.OutputShape(input) ?? input;
    }

    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<byte> image, ImageShape shape, Span<float> output, RandomKey key)
    {
        var size = OutputShape(shape);
        var (top, left) = crop?.Draw(key, shape) ?? (0, 0);
        var window = new Window(top, left, flip?.Draw(key) ?? false);
        if (size == shape && window == default)
        {
            Color(image, shape, output, key);
        }
        else
        {
            var buffer = ArrayPool<byte>.Shared.Rent(size.Count);
            var part = buffer.AsSpan(0, size.Count);
            window.Copy(image, shape, part, size);
            Color(part, size, output, key);
            ArrayPool<byte>.Shared.Return(buffer);
        }

        erasing?.Draw(key, size).Erase(output, size);
    }

    private void Color(ReadOnlySpan<byte> image, ImageShape shape, Span<float> output, RandomKey key)
    {
        if (jitter is null)
        {
            for (var channel = 0; channel < shape.Channels; channel++)
            {
                Map(channel, image, shape, Scale(channel), output);
            }

            return;
        }

        var factors = jitter.Draw(key);
        var colors = factors.Map(image, shape);
        if (factors.Saturation != 1)
        {
            PixelLoops.Map(image, new ColorMap(colors, factors.Saturation, Scale(0), Scale(1), Scale(2)), output);
            return;
        }

        for (var channel = 0; channel < shape.Channels; channel++)
        {
            Map(channel, image, shape, new ScaledMap<ContrastMap>(colors, Scale(channel)), output);
        }
    }

    private ChannelScale Scale(int channel) => normalize?[channel] ?? ChannelScale.Unit;

    private static void Map<TMap>(int channel, ReadOnlySpan<byte> image, ImageShape shape, TMap map, Span<float> output)
        where TMap : struct, IPixelMap
    {
        var start = channel * shape.Pixels;
        PixelLoops.Map(image.Slice(start, shape.Pixels), map, output[start..]);
    }
}

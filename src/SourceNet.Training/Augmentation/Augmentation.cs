using System.Buffers;

namespace SourceNet.Training;

/// <summary>
/// Random changes of images that do not change what they show, in one pass from bytes to floats: crop, flip, rotation and affine change, a policy, colors,
/// standardization, erasing, in this order. Each image has its own draw, which depends on its <see cref="RandomKey"/> alone.
/// </summary>
/// <param name="crop">Where an image is cut; null for the whole image.</param>
/// <param name="flip">How often an image is mirrored; null for never.</param>
/// <param name="jitter">How colors change; null for not at all.</param>
/// <param name="normalize">How channels are standardized; null for values in [0, 1].</param>
/// <param name="erasing">What is erased; null for nothing.</param>
/// <param name="resizedCrop">Which part is cut and resized, in place of <paramref name="crop"/>; null for none.</param>
/// <param name="rotation">How an image is turned; null for not at all.</param>
/// <param name="affine">How an image is turned, sheared, scaled and moved; null for not at all.</param>
/// <param name="policy"><see cref="RandAugment"/>, <see cref="TrivialAugment"/> or <see cref="AugMix"/>; null for none.</param>
/// <exception cref="ArgumentException">Both a crop and a resized crop, or a rotation and an affine change of different interpolation or fill.</exception>
public class Augmentation(
    RandomCrop? crop = null,
    RandomHorizontalFlip? flip = null,
    ColorJitter? jitter = null,
    Normalize? normalize = null,
    RandomErasing? erasing = null,
    RandomResizedCrop? resizedCrop = null,
    RandomRotation? rotation = null,
    RandomAffine? affine = null,
    AugmentationPolicy? policy = null) : ImageTransform
{
    private readonly Geometry geometry = new(crop, resizedCrop, flip, rotation, affine);

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

    /// <summary>Which part is cut and resized; null for none.</summary>
    public RandomResizedCrop? ResizedCrop => resizedCrop;

    /// <summary>How an image is turned; null for not at all.</summary>
    public RandomRotation? Rotation => rotation;

    /// <summary>How an image is turned, sheared, scaled and moved; null for not at all.</summary>
    public RandomAffine? Affine => affine;

    /// <summary>The policy that changes it further; null for none.</summary>
    public AugmentationPolicy? Policy => policy;

    /// <inheritdoc/>
    public override ImageShape OutputShape(ImageShape input)
    {
        jitter?.Check(input);
        normalize?.OutputShape(input);
        policy?.Check(input);
        return geometry.OutputShape(input);
    }

    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<byte> image, ImageShape shape, Span<float> output, RandomKey key)
    {
        var size = OutputShape(shape);
        var change = geometry.Draw(key, shape);
        if (change.IsNone && policy is null)
        {
            Color(image, shape, output, key);
        }
        else
        {
            var buffer = ArrayPool<byte>.Shared.Rent(size.Count);
            var changed = buffer.AsSpan(0, size.Count);
            change.Apply(image, shape, changed, size);
            policy?.Apply(changed, size, key);
            Color(changed, size, output, key);
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

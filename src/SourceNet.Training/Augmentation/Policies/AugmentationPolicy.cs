using System.Buffers;

namespace SourceNet.Training;

/// <summary>
/// Random changes of an image out of a list that somebody found good for photographs: <see cref="RandAugment"/>, <see cref="TrivialAugment"/> or
/// <see cref="AugMix"/>. For images with one channel or with red, green and blue; the shape stays.
/// </summary>
public abstract class AugmentationPolicy
{
    private protected AugmentationPolicy(ImageInterpolation interpolation, int fill) => (Interpolation, Fill) = (interpolation, Pixel.Check(fill));

    /// <summary>What the pixels of turned, sheared and moved images are made of.</summary>
    public ImageInterpolation Interpolation { get; }

    /// <summary>What comes in from outside, 0 to 255.</summary>
    public int Fill { get; }

    /// <exception cref="ArgumentException">Neither gray images nor red, green and blue.</exception>
    internal void Check(ImageShape shape)
    {
        if (shape.Channels is not (1 or 3))
        {
            throw new ArgumentException($"{GetType().Name} changes gray images or red, green and blue, and the images are {shape}.", nameof(shape));
        }
    }

    /// <summary>Changes an image in its place.</summary>
    internal abstract void Apply(Span<byte> image, ImageShape shape, RandomKey key);

    /// <summary>Makes changes one after the other, in place.</summary>
    private protected void Apply(ReadOnlySpan<PolicyStep> steps, Span<byte> image, ImageShape shape)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(shape.Count);
        var changed = buffer.AsSpan(0, shape.Count);
        foreach (var step in steps)
        {
            if (step.Operation != PolicyOperation.Identity)
            {
                step.Apply(image, shape, changed, Interpolation, (byte)Fill);
                changed.CopyTo(image);
            }
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }
}

using System.Buffers;

namespace SourceNet.Training;

/// <summary>How the pixels of one image move.</summary>
/// <param name="Part">What is cut out and resized; null for nothing.</param>
/// <param name="Window">What is cut out as it is, and whether left and right change places.</param>
/// <param name="Map">Where pixels come from after that.</param>
/// <param name="KeepsShape">Whether the shape stays.</param>
internal readonly record struct GeometricChange(Box? Part, Window Window, AffineMap Map, bool KeepsShape)
{
    /// <summary>What the pixels of a resized part are made of.</summary>
    internal ImageInterpolation CropInterpolation { get; init; }

    /// <summary>What the pixels of a turned image are made of.</summary>
    internal ImageInterpolation Interpolation { get; init; }

    /// <summary>What comes in from outside.</summary>
    internal byte Fill { get; init; }

    /// <summary>Whether the image stays as it is.</summary>
    internal bool IsNone => Part is null && Window == default && Map == AffineMap.Identity && KeepsShape;

    /// <param name="image"><c>[C, H, W]</c>.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="output">Receives the changed image.</param>
    /// <param name="size">Its shape.</param>
    internal void Apply(ReadOnlySpan<byte> image, ImageShape shape, Span<byte> output, ImageShape size)
    {
        if (Map == AffineMap.Identity)
        {
            Cut(image, shape, output, size);
            return;
        }

        if (Part is null && Window == default && KeepsShape)
        {
            Map.Apply(image, shape, output, Interpolation, Fill);
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(size.Count);
        var part = buffer.AsSpan(0, size.Count);
        Cut(image, shape, part, size);
        Map.Apply(part, size, output, Interpolation, Fill);
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private void Cut(ReadOnlySpan<byte> image, ImageShape shape, Span<byte> output, ImageShape size)
    {
        if (Part is not { } part)
        {
            Window.Copy(image, shape, output, size);
            return;
        }

        Resampling.Resize(image, shape, part, output, size, CropInterpolation);
        if (Window.Mirrored)
        {
            for (var row = 0; row < size.Channels * size.Height; row++)
            {
                output.Slice(row * size.Width, size.Width).Reverse();
            }
        }
    }
}

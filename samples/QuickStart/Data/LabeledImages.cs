using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace QuickStart.Data;

/// <summary>Grayscale images and their classes. They stay bytes until a batch is asked for.</summary>
internal sealed class LabeledImages
{
    /// <summary>The side of an image, in pixels.</summary>
    public const int Side = 28;

    /// <summary>The number of classes.</summary>
    public const int Classes = 10;

    private const int PixelsPerImage = Side * Side;

    // Mean and standard deviation of the pixels of Fashion-MNIST's 60 000 training images.
    private const float Mean = 0.2860f;
    private const float StandardDeviation = 0.3530f;

    private readonly byte[] pixels;
    private readonly byte[] labels;

    private LabeledImages(byte[] pixels, byte[] labels)
    {
        this.pixels = pixels;
        this.labels = labels;
    }

    /// <summary>The number of images.</summary>
    public int Count => labels.Length;

    /// <summary>Reads <c>{split}-images-idx3-ubyte</c> and <c>{split}-labels-idx1-ubyte</c>, each plain or <c>.gz</c>.</summary>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or the two do not belong together.</exception>
    public static LabeledImages Read(string folder, string split)
    {
        var images = IdxFile.Read(folder, $"{split}-images-idx3-ubyte", rank: 3);
        var (height, width) = (images.Sizes[1], images.Sizes[2]);
        if (height != Side || width != Side)
            throw new InvalidDataException($"{images.Path}: expected images of {Side} x {Side} pixels, found {height} x {width}");

        var labels = IdxFile.Read(folder, $"{split}-labels-idx1-ubyte", rank: 1);
        if (labels.Values.Length != images.Sizes[0])
            throw new InvalidDataException($"{labels.Path}: expected {images.Sizes[0]} labels, one for each image in {Path.GetFileName(images.Path)}, found {labels.Values.Length}");

        var wrong = Array.FindIndex(labels.Values, label => label >= Classes);
        if (wrong >= 0)
            throw new InvalidDataException($"{labels.Path}: expected labels from 0 to {Classes - 1}, found {labels.Values[wrong]} at index {wrong}");

        return new LabeledImages(images.Values, labels.Values);
    }

    /// <summary>The chosen images, standardized, as Float32 <c>[N, 1, 28, 28]</c>, and their classes as Int64 <c>[N]</c>.</summary>
    public (Tensor Images, Tensor Labels) Batch(ReadOnlySpan<int> chosen)
    {
        var batchImages = empty(chosen.Length, 1, Side, Side);
        var batchLabels = empty(chosen.Length, ScalarType.Int64);
        var imageValues = MemoryMarshal.Cast<byte, float>(batchImages.bytes);
        var labelValues = MemoryMarshal.Cast<byte, long>(batchLabels.bytes);
        for (var i = 0; i < chosen.Length; i++)
        {
            Standardize(pixels.AsSpan(chosen[i] * PixelsPerImage, PixelsPerImage), imageValues.Slice(i * PixelsPerImage, PixelsPerImage));
            labelValues[i] = labels[chosen[i]];
        }
        return (batchImages, batchLabels);
    }

    /// <summary>The classes of all images, Int64 <c>[N]</c>.</summary>
    public Tensor Labels() => tensor(Array.ConvertAll(labels, label => (long)label));

    private static void Standardize(ReadOnlySpan<byte> image, Span<float> values)
    {
        for (var i = 0; i < image.Length; i++)
            values[i] = ((image[i] / 255f) - Mean) / StandardDeviation;
    }
}

namespace SourceNet.Training;

/// <summary>Images with the indices of their classes, one at a time and from any thread: what <see cref="Batches"/> are made of.</summary>
public interface ILabeledImages
{
    /// <summary>The number of images, N, above 0.</summary>
    int Count { get; }

    /// <summary>The shape of each image, <c>[C, H, W]</c>.</summary>
    ImageShape Shape { get; }

    /// <summary>The number of classes. Every label is below it.</summary>
    int Classes { get; }

    /// <summary>The class of an image.</summary>
    /// <param name="index">0 to N − 1.</param>
    int Label(int index);

    /// <summary>Writes the bytes of an image, <c>[C, H, W]</c>. Any thread may call it.</summary>
    /// <param name="index">0 to N − 1.</param>
    /// <param name="image">Receives C · H · W bytes.</param>
    void Read(int index, Span<byte> image);
}

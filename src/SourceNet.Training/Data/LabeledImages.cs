namespace SourceNet.Training;

/// <summary>
/// Images of unsigned bytes with the indices of their classes, <c>[N, C, H, W]</c> and <c>[N]</c>. They stay bytes until a batch is asked for.
/// </summary>
/// <remarks>
/// <para>Images that come from plain files stay in these files, mapped into memory: the system loads what is read, keeps it as long as there is room, and
/// shares it with other processes. The files are open until <see cref="Dispose"/> and must not be written to for that long. One that somebody shortens all
/// the same makes the next read throw. Images that come from compressed files are unpacked into memory at once.</para>
/// <para><see cref="Dispose"/> closes the files, or lets go of the memory. Reads that are under way, on any thread, end as they should; later ones throw
/// <see cref="ObjectDisposedException"/>.</para>
/// </remarks>
public sealed class LabeledImages : ILabeledImages, IDisposable
{
    private readonly ImageRun[] runs;
    private readonly byte[] labels;

    /// <summary>Images that are in memory already.</summary>
    /// <param name="pixels"><c>[N, C, H, W]</c>, the last axis fastest. Not copied.</param>
    /// <param name="labels"><c>[N]</c>. Not copied.</param>
    /// <param name="shape">The shape of each image, <c>[C, H, W]</c>.</param>
    /// <param name="classes">The number of classes, 1 to 256.</param>
    /// <exception cref="ArgumentException">The lengths do not fit, there is no image, the number of classes is out of range, or a label is not the index of a
    /// class.</exception>
    public LabeledImages(byte[] pixels, byte[] labels, ImageShape shape, int classes)
        : this([new ImageRun(new MemoryFile("the images", CheckLength(pixels, labels, shape)), 0, shape.Count, labels.Length)], labels, shape, classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classes, byte.MaxValue + 1);
        var wrong = WrongLabel(labels, classes);
        if (wrong >= 0)
        {
            throw new ArgumentException($"Expected labels from 0 to {classes - 1}, found {labels[wrong]} at index {wrong}.", nameof(labels));
        }
    }

    /// <summary>Images in files, which belong to this object from now on. Everything was checked.</summary>
    internal LabeledImages(ImageRun[] runs, byte[] labels, ImageShape shape, int classes)
    {
        this.runs = runs;
        this.labels = labels;
        Shape = shape;
        Classes = classes;
    }

    /// <summary>The number of images, N.</summary>
    public int Count => labels.Length;

    /// <summary>The shape of each image, <c>[C, H, W]</c>.</summary>
    public ImageShape Shape { get; }

    /// <summary>The number of classes. Every label is below it.</summary>
    public int Classes { get; }

    /// <summary>The class of each image.</summary>
    public ReadOnlySpan<byte> Labels => labels;

    /// <inheritdoc/>
    public int Label(int index) => labels[index];

    /// <summary>Copies the bytes of an image, <c>[C, H, W]</c>. Any thread may call it.</summary>
    /// <param name="index">0 to N − 1.</param>
    /// <param name="image">Receives C · H · W bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    /// <exception cref="ObjectDisposedException">The images were disposed.</exception>
    /// <exception cref="InvalidDataException">A file became shorter since it was opened.</exception>
    public void Read(int index, Span<byte> image)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        if (image.Length != Shape.Count)
        {
            throw new ArgumentException($"Expected room for the {Shape.Count} bytes of an image {Shape}, found {image.Length}.", nameof(image));
        }

        foreach (var run in runs)
        {
            if (index < run.Count)
            {
                run.File.Read(run.Start + (index * run.Stride), image);
                return;
            }

            index -= run.Count;
        }
    }

    /// <summary>A copy of the first images in memory, or of all where there are fewer: for a quick look.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <returns>Images of their own, to be disposed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 1.</exception>
    /// <exception cref="ObjectDisposedException">The images were disposed.</exception>
    public LabeledImages Take(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        count = Math.Min(count, Count);
        var pixels = new byte[count * Shape.Count];
        for (var index = 0; index < count; index++)
        {
            Read(index, pixels.AsSpan(index * Shape.Count, Shape.Count));
        }

        return new(pixels, labels[..count], Shape, Classes);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var run in runs)
        {
            run.File.Dispose();
        }
    }

    /// <summary>Where the first label is that is not the index of a class; −1 if there is none.</summary>
    internal static int WrongLabel(ReadOnlySpan<byte> labels, int classes) =>
        classes > byte.MaxValue ? -1 : labels.IndexOfAnyExceptInRange((byte)0, (byte)(classes - 1));

    private static byte[] CheckLength(byte[] pixels, byte[] labels, ImageShape shape)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(labels);
        return labels.Length > 0 && shape is { Channels: > 0, Height: > 0, Width: > 0 } && pixels.Length == (long)labels.Length * shape.Count
            ? pixels
            : throw new ArgumentException(
                $"Expected at least one image, and {shape.Count} bytes for each of {labels.Length} images {shape}, found {pixels.Length} bytes.",
                nameof(pixels));
    }
}

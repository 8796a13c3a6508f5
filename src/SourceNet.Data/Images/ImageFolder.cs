using SourceNet.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Data;

/// <summary>
/// A folder of images with a folder for each class: <c>train/cat/1.jpg</c>, <c>train/dog/2.png</c>. The files stay files: an image is decoded each time it
/// is read, by
/// <see cref="Batches"/> on the thread pool, ahead of the loop.
/// </summary>
/// <remarks>
/// <para>Classes are in the ordinal order of the folders' names, images in that of their paths below it, folders in folders included. Only files that end in
/// <c>.jpg</c>, <c>.jpeg</c>, <c>.png</c>, <c>.webp</c>, <c>.bmp</c> or <c>.gif</c> count.</para>
/// <para>An image is turned as its EXIF orientation says; transparent pixels show the background; 16 bits become 8; color profiles are not applied.</para>
/// </remarks>
public sealed class ImageFolder : ILabeledImages
{
    private readonly string[] files;
    private readonly int[] labels;
    private readonly ImageFolderOptions options;

    private ImageFolder(string[] files, int[] labels, string[] classes, ImageShape shape, ImageFolderOptions options, string[] skipped) =>
        (this.files, this.labels, ClassNames, Shape, this.options, Skipped) = (files, labels, classes, shape, options, skipped);

    /// <inheritdoc/>
    public int Count => files.Length;

    /// <inheritdoc/>
    public ImageShape Shape { get; }

    /// <inheritdoc/>
    public int Classes => ClassNames.Count;

    /// <summary>The names of the classes, in the order of their indices.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The class of each image.</summary>
    public IReadOnlyList<int> Labels => labels;

    /// <summary>The path of each image.</summary>
    public IReadOnlyList<string> Files => files;

    /// <summary>The files that were left out because they cannot be decoded, with the reason.</summary>
    public IReadOnlyList<string> Skipped { get; }

    /// <summary>Finds the images of a folder and looks at their headers.</summary>
    /// <param name="path">The folder that has a folder for each class.</param>
    /// <param name="height">The height that each image gets.</param>
    /// <param name="width">Its width.</param>
    /// <param name="options">How images are read; null for three channels, cut to the ratio.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">
    /// No folder for a class, one without an image, one that is not among the classes, or a file that is no image, unless those are skipped.
    /// </exception>
    /// <exception cref="ArgumentException">A size below 1, channels other than 1 and 3, or no value of a pixel.</exception>
    public static ImageFolder Load(string path, int height, int width, ImageFolderOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        options ??= new();
        Check(options);
        if (!Directory.Exists(path))
        {
            throw new DirectoryNotFoundException($"{path}: expected a folder with a folder for each class, found none");
        }

        var folders = Directory.GetDirectories(path).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal).ToArray();
        var classes = Names(path, folders, options.Classes);
        var found = folders
            .SelectMany(folder => Images(Path.Combine(path, folder)).Select(file => (File: file, Label: Array.IndexOf(classes, folder))))
            .ToArray();
        var shape = new ImageShape(options.Channels, height, width);
        var errors = Errors([.. found.Select(image => image.File)], options);
        var broken = errors.OfType<string>().ToArray();
        if (broken.Length > 0 && options.Broken == BrokenImages.Fail)
        {
            throw new InvalidDataException(broken.Length == 1 ? broken[0] : $"{broken.Length} files are no images:\n{string.Join('\n', broken)}");
        }

        if (broken.Length > 0)
        {
            (options.Report ?? Console.Error).WriteLine($"{broken.Length} of {found.Length} images are left out:\n{string.Join('\n', broken)}");
        }

        var kept = found.Where((_, index) => errors[index] is null).ToArray();
        return kept.Length > 0
            ? new([.. kept.Select(image => image.File)], [.. kept.Select(image => image.Label)], classes, shape, options, broken)
            : throw new InvalidDataException($"{path}: expected an image that can be decoded, found none");
    }

    /// <inheritdoc/>
    public int Label(int index) => labels[index];

    /// <summary>Decodes an image. Any thread may call it.</summary>
    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    /// <exception cref="InvalidDataException">The file is damaged; the message names it.</exception>
    /// <exception cref="IOException">The file cannot be read any more.</exception>
    public void Read(int index, Span<byte> image)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        if (image.Length != Shape.Count)
        {
            throw new ArgumentException($"Expected room for the {Shape.Count} bytes of an image {Shape}, found {image.Length}.", nameof(image));
        }

        var (decoded, shape) = ImageFile.Decode(files[index], Shape.Channels, (byte)options.Background);
        FittedImage.Fit(decoded, shape, image, Shape, options.Fit, (byte)options.Background);
    }

    /// <summary>Decodes some images, on the thread pool.</summary>
    /// <param name="indices">Their indices.</param>
    /// <returns>Bytes <c>[N, C, H, W]</c>, as <see cref="ImageTransform.Apply(Tensor, long, int, int[])"/> takes them. It belongs to the caller.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    /// <exception cref="InvalidDataException">A file is damaged; the message names it.</exception>
    public Tensor Read(IReadOnlyList<int> indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        var pixels = Pixels(indices);
        return tensor(pixels, indices.Count, Shape.Channels, Shape.Height, Shape.Width);
    }

    /// <summary>Decodes all images once, on the thread pool, for epochs that decode nothing: N · C · H · W bytes.</summary>
    /// <returns>Images of their own.</returns>
    /// <exception cref="InvalidDataException">A file is damaged; the message names it.</exception>
    /// <exception cref="InvalidOperationException">There are more than 256 classes, or more bytes than an array has.</exception>
    public LabeledImages InMemory()
    {
        if (Classes > 256 || (long)Count * Shape.Count > Array.MaxLength)
        {
            throw new InvalidOperationException(
                $"Images in memory have at most 256 classes and {Array.MaxLength} bytes, and these have {Classes} and {(long)Count * Shape.Count}: "
                + "give the folder to Batches.");
        }

        return new(Pixels([.. Enumerable.Range(0, Count)]), [.. labels.Select(label => (byte)label)], Shape, Classes);
    }

    private byte[] Pixels(IReadOnlyList<int> indices)
    {
        var pixels = new byte[checked(indices.Count * Shape.Count)];
        Each(indices.Count, place => Read(indices[place], pixels.AsSpan(place * Shape.Count, Shape.Count)));
        return pixels;
    }

    /// <summary>Does something for each number; what goes wrong with one of them is thrown as it is.</summary>
    private static void Each(int count, Action<int> act)
    {
        try
        {
            Parallel.For(0, count, act);
        }
        catch (AggregateException errors)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(errors.InnerExceptions[0]);
        }
    }

    private static void Check(ImageFolderOptions options)
    {
        if (options.Channels is not (1 or 3))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Channels, "Images have 1 or 3 channels.");
        }

        if (options.Background is < 0 or > 255)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Background, "The background is a gray from 0 to 255.");
        }
    }

    private static string[] Names(string path, string[] folders, IReadOnlyList<string>? classes)
    {
        if (folders.Length == 0)
        {
            throw new InvalidDataException($"{path}: expected a folder for each class, found none");
        }

        if (classes is null)
        {
            return folders;
        }

        var unknown = folders.Except(classes).ToArray();
        return unknown.Length == 0
            ? [.. classes]
            : throw new InvalidDataException($"{path}: expected folders of the classes {string.Join(", ", classes)}, found {string.Join(", ", unknown)}");
    }

    private static string[] Images(string folder)
    {
        var images = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(ImageFile.IsImage)
            .OrderBy(file => Path.GetRelativePath(folder, file).Replace('\\', '/'), StringComparer.Ordinal)
            .ToArray();
        return images.Length > 0 ? images : throw new InvalidDataException($"{folder}: expected images (JPEG, PNG, WebP, BMP, GIF), found none");
    }

    /// <summary>What is wrong with each file; null for nothing.</summary>
    private static string?[] Errors(string[] files, ImageFolderOptions options)
    {
        var errors = new string?[files.Length];
        Each(files.Length, index =>
        {
            try
            {
                if (options.Broken == BrokenImages.Skip)
                {
                    ImageFile.Decode(files[index], options.Channels, 0);
                }
                else
                {
                    ImageFile.CheckHeader(files[index]);
                }
            }
            catch (InvalidDataException error)
            {
                errors[index] = error.Message;
            }
        });
        return errors;
    }
}

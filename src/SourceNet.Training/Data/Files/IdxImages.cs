namespace SourceNet.Training;

/// <summary>Pairs of IDX files: grayscale images of 28 x 28 pixels in ten classes, and their labels.</summary>
internal static class IdxImages
{
    private const int Side = 28;
    private const int Classes = 10;

    /// <summary>Reads <c>{split}-images-idx3-ubyte</c> and <c>{split}-labels-idx1-ubyte</c> of a directory, each plain or <c>.gz</c>.</summary>
    /// <param name="directory">Where the files are.</param>
    /// <param name="split"><c>train</c> or <c>t10k</c>.</param>
    /// <param name="source">What to fetch where, for the message about a missing file.</param>
    internal static LabeledImages Read(string directory, string split, string source)
    {
        var images = Open(directory, $"{split}-images-idx3-ubyte", source, rank: 3);
        try
        {
            var header = IdxHeader.Read(images, rank: 3);
            var (count, height, width) = (header.Sizes[0], header.Sizes[1], header.Sizes[2]);
            if (height != Side || width != Side)
            {
                throw new InvalidDataException($"{images.Path}: expected images of {Side} x {Side} pixels, found {height} x {width}");
            }

            using var file = Open(directory, $"{split}-labels-idx1-ubyte", source, rank: 1);
            var labels = ReadLabels(file, count, images.Path);
            return new LabeledImages([new ImageRun(images, header.Length, Side * Side, count)], labels, new ImageShape(1, Side, Side), Classes);
        }
        catch
        {
            images.Dispose();
            throw;
        }
    }

    private static DataFile Open(string directory, string name, string source, int rank)
    {
        ArgumentNullException.ThrowIfNull(directory);
        return DataFile.Find(directory, name, IdxHeader.LengthOf(rank), bytes => IdxHeader.FileLength(bytes, rank))
            ?? throw new FileNotFoundException($"{directory}: expected the file {name} or {name}.gz, found neither. {source}", Path.Combine(directory, name));
    }

    private static byte[] ReadLabels(DataFile file, int count, string images)
    {
        var header = IdxHeader.Read(file, rank: 1);
        if (header.Sizes[0] != count)
        {
            throw new InvalidDataException($"{file.Path}: expected {count} labels, one for each image in {Path.GetFileName(images)}, found {header.Sizes[0]}");
        }

        var labels = new byte[count];
        file.Read(header.Length, labels);
        var wrong = LabeledImages.WrongLabel(labels, Classes);
        return wrong < 0
            ? labels
            : throw new InvalidDataException($"{file.Path}: expected labels from 0 to {Classes - 1}, found {labels[wrong]} at index {wrong}");
    }
}

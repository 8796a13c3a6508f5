namespace SourceNet.Training;

/// <summary>Color photographs in ten classes, 50 000 to train on and 10 000 to test with, 32 x 32 pixels (Krizhevsky 2009).</summary>
/// <remarks>
/// Reads a directory with the binary version: <c>cifar-10-binary.tar.gz</c> as it is, or the files in it, <c>data_batch_1.bin</c> to <c>data_batch_5.bin</c>
/// and <c>test_batch.bin</c>, in the directory or in <c>cifar-10-batches-bin</c> below it, plain or <c>.gz</c>. Files win over the archive. Nothing is
/// downloaded.
/// </remarks>
public static class Cifar10
{
    private const string Archive = "cifar-10-binary.tar.gz";

    private static readonly string[] s_trainFiles = ["data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"];
    private static readonly string[] s_testFiles = ["test_batch.bin"];

    /// <summary>The names of the classes.</summary>
    public static IReadOnlyList<string> Classes { get; } = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    /// <summary>Standardizes by the mean and the standard deviation of the channels of the 50 000 training images.</summary>
    public static Normalize Normalize { get; } = new([0.4914, 0.4822, 0.4465], [0.2470, 0.2435, 0.2616]);

    /// <summary>What models learn from: the five training batches, in their order.</summary>
    /// <param name="directory">Where the files are.</param>
    /// <returns>Images <c>[3, 32, 32]</c>, to be disposed.</returns>
    /// <exception cref="FileNotFoundException">A file is missing. The message says where it comes from.</exception>
    /// <exception cref="InvalidDataException">A file is damaged.</exception>
    public static LabeledImages Train(string directory) => Read(directory, s_trainFiles);

    /// <summary>What models never see while they learn: the test batch.</summary>
    /// <inheritdoc cref="Train"/>
    public static LabeledImages Test(string directory) => Read(directory, s_testFiles);

    /// <summary>
    /// Reads files of other names in the same format, one after the other: records of a label and the red, green and blue planes, 3073 bytes each, any number
    /// of them.
    /// </summary>
    /// <param name="files">Paths; those that end in <c>.gz</c> are unpacked.</param>
    /// <returns>Images <c>[3, 32, 32]</c>, to be disposed.</returns>
    /// <exception cref="ArgumentException">There is no path.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A file is damaged.</exception>
    public static LabeledImages Read(params string[] files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return files.Length > 0 ? Cifar10Records.Read(files, DataFile.Open) : throw new ArgumentException("Expected at least one file.", nameof(files));
    }

    private static LabeledImages Read(string directory, string[] names)
    {
        ArgumentNullException.ThrowIfNull(directory);
        var unpacked = Path.Combine(directory, "cifar-10-batches-bin");
        var folder = Directory.Exists(unpacked) ? unpacked : directory;
        var archive = Path.Combine(directory, Archive);
        if (File.Exists(archive) && !names.Any(name => IsThere(folder, name)))
        {
            return Cifar10Records.Read(Cifar10Archive.Read(archive, names), file => file);
        }

        return Cifar10Records.Read(names, name => DataFile.Find(folder, name) ?? throw Missing(folder, name));
    }

    private static bool IsThere(string folder, string name) => File.Exists(Path.Combine(folder, name)) || File.Exists(Path.Combine(folder, name + ".gz"));

    private static FileNotFoundException Missing(string folder, string name) => new(
        $"{folder}: expected the file {name} or {name}.gz, found neither. "
        + $"Fetch {Archive}, \"CIFAR-10 binary version (suitable for C programs)\", from \"The CIFAR-10 dataset\", Alex Krizhevsky's page at the University "
            + "of Toronto, and put it into this directory, packed or unpacked.",
        Path.Combine(folder, name));
}

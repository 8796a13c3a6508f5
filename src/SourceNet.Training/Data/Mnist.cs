namespace SourceNet.Training;

/// <summary>Handwritten digits in ten classes, 60 000 to train on and 10 000 to test with, 28 x 28 pixels (LeCun, Cortes and Burges).</summary>
/// <remarks>
/// Reads a directory with the four IDX files, each as it is or with <c>.gz</c>. Nothing is downloaded. Sets with fewer images, cut from it in the same
/// format, are read as well.
/// </remarks>
public static class Mnist
{
    private const string Source =
        "Fetch train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz and t10k-labels-idx1-ubyte.gz "
        + "from \"The MNIST database of handwritten digits\", Yann LeCun's page, and put them into this directory, packed or unpacked.";

    /// <summary>The names of the classes.</summary>
    public static IReadOnlyList<string> Classes { get; } = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

    /// <summary>Standardizes by the mean and the standard deviation of the 60 000 training images.</summary>
    public static Normalize Normalize { get; } = new([0.1307], [0.3081]);

    /// <summary>What models learn from: <c>train-images-idx3-ubyte</c> and <c>train-labels-idx1-ubyte</c>.</summary>
    /// <param name="directory">Where the files are.</param>
    /// <returns>Images <c>[1, 28, 28]</c>, to be disposed.</returns>
    /// <exception cref="FileNotFoundException">A file is missing. The message says where it comes from.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or the two do not belong together.</exception>
    public static LabeledImages Train(string directory) => IdxImages.Read(directory, "train", Source);

    /// <summary>What models never see while they learn: <c>t10k-images-idx3-ubyte</c> and <c>t10k-labels-idx1-ubyte</c>.</summary>
    /// <inheritdoc cref="Train"/>
    public static LabeledImages Test(string directory) => IdxImages.Read(directory, "t10k", Source);
}

namespace SourceNet.Training;

/// <summary>Clothes in ten classes, 60 000 to train on and 10 000 to test with, 28 x 28 pixels (Xiao, Rasul and Vollgraf 2017).</summary>
/// <remarks><inheritdoc cref="Mnist" path="/remarks/node()"/></remarks>
public static class FashionMnist
{
    private const string Source =
        "Fetch train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz and t10k-labels-idx1-ubyte.gz "
        + "from the repository \"fashion-mnist\" of Zalando Research (Debian: the package dataset-fashion-mnist), and put them into this directory, packed or "
            + "unpacked.";

    /// <summary>The names of the classes.</summary>
    public static IReadOnlyList<string> Classes { get; } =
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    /// <summary>Standardizes by the mean and the standard deviation of the 60 000 training images.</summary>
    public static Normalize Normalize { get; } = new([0.2860], [0.3530]);

    /// <inheritdoc cref="Mnist.Train"/>
    public static LabeledImages Train(string directory) => IdxImages.Read(directory, "train", Source);

    /// <inheritdoc cref="Mnist.Test"/>
    public static LabeledImages Test(string directory) => IdxImages.Read(directory, "t10k", Source);
}

namespace QuickStart.Data;

/// <summary>Images of clothes in ten classes (Xiao, Rasul and Vollgraf 2017). The program carries 4000 + 1000 of the 60 000 + 10 000.</summary>
/// <param name="Train">What the models learn from.</param>
/// <param name="Test">What they never see while they learn.</param>
internal sealed record FashionMnist(LabeledImages Train, LabeledImages Test)
{
    /// <summary>Where the small set lies: beside the program.</summary>
    public static string BundledFolder { get; } = Path.Combine(AppContext.BaseDirectory, "Data");

    /// <summary>Reads the four files of a folder.</summary>
    /// <exception cref="IOException">The folder or a file is missing or cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file is damaged.</exception>
    public static FashionMnist Load(string folder) => Directory.Exists(folder)
        ? new FashionMnist(LabeledImages.Read(folder, "train"), LabeledImages.Read(folder, "t10k"))
        : throw new DirectoryNotFoundException($"{folder}: expected a folder with the four files of Fashion-MNIST, found none");
}

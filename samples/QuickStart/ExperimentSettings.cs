namespace QuickStart;

/// <summary>What the command line decides, and what stays the same for every run.</summary>
/// <param name="DataFolder">The folder with the four IDX files.</param>
/// <param name="OutputFolder">The folder for the plot and the model.</param>
/// <param name="JsonFile">The file for the numbers, if they are wanted.</param>
/// <param name="Epochs">Passes over the training images.</param>
/// <param name="Seed">Where every random number starts.</param>
internal sealed record ExperimentSettings(string DataFolder, string OutputFolder, string? JsonFile, int Epochs, int Seed)
{
    public const int DefaultEpochs = 15;
    public const int BatchSize = 64;
    public const double LearningRate = 2e-3;

    /// <summary>Where the images lie that come with the program: 4000 + 1000 of the 60 000 + 10 000.</summary>
    public static string BundledData { get; } = Path.Combine(AppContext.BaseDirectory, "Data");

    public string PlotFile => Path.Combine(OutputFolder, "learning-curves.png");

    public string ModelFile => Path.Combine(OutputFolder, "model.safetensors");

    public IEnumerable<string> OutputFiles => JsonFile is null ? [PlotFile, ModelFile] : [PlotFile, ModelFile, JsonFile];
}

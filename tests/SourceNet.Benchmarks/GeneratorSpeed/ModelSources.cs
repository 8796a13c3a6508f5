using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SourceNet.Benchmarks.GeneratorSpeed;

/// <summary>Many declared models, each in a file of a temporary folder.</summary>
internal sealed class ModelSources : IDisposable
{
    private const string Model = """
        using SourceNet;
        using static SourceNet.ActivationKind;
        using static SourceNet.NormKind;
        using static TorchSharp.torch;

        [Model, Input(3, 32, 32)]
        [WeightDecay(1e-3), LabelSmoothing(0.1), GradientClip(1)]
        public sealed partial class SimpleCnnNr(double dropout = 0.3)
        {
            [Conv2d(64, Kernel = 3, Padding = 1), Norm(Batch), Activation(ReLU), MaxPool2d(2)]
            private partial Tensor Block1(Tensor x);

            [Conv2d(128, Kernel = 3, Padding = 1), Norm(Batch), Activation(ReLU), MaxPool2d(2)]
            private partial Tensor Block2(Tensor x);

            [Conv2d(256, Kernel = 3, Padding = 1), Norm(Batch), Activation(ReLU), GlobalAveragePool]
            private partial Tensor Block3(Tensor x);

            [Dropout(nameof(dropout)), Linear(128), Activation(ReLU)]
            private partial Tensor Hidden(Tensor x);

            [Dropout(nameof(dropout)), Linear(10), Output]
            private partial Tensor Logits(Tensor x);
        }
        """;

    internal ModelSources(int models)
    {
        Folder = Directory.CreateTempSubdirectory("sourcenet-models-").FullName;
        Files = [.. Enumerable.Range(0, models).Select(number => Path.Combine(Folder, $"SimpleCnn{number}.cs"))];
        foreach (var (number, file) in Files.Index())
        {
            File.WriteAllText(file, Model.Replace("Nr", $"{number}", StringComparison.Ordinal));
        }

        Compilation = CSharpCompilation.Create(
            "Models",
            Files.Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), Parsing, file)),
            References.Select(reference => MetadataReference.CreateFromFile(reference)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
    }

    internal static CSharpParseOptions Parsing { get; } = new(LanguageVersion.Latest);

    internal string Folder { get; }

    internal IReadOnlyList<string> Files { get; }

    internal CSharpCompilation Compilation { get; }

    /// <summary>The framework, TorchSharp and SourceNet.</summary>
    internal static IReadOnlyList<string> References { get; } =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == Path.GetDirectoryName(typeof(object).Assembly.Location)
                || Path.GetFileName(path) is "TorchSharp.dll" or "SourceNet.dll"),
    ];

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

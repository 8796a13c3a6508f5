using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SourceNet.Benchmarks.GeneratorSpeed;

/// <summary>Many declared models, each in a file of a temporary folder.</summary>
internal sealed class ModelSources : IDisposable
{
    /// <summary>The README's model.</summary>
    private const string Model = "tests/SourceNet.Gallery.Tests/Models/SimpleCnn.cs";

    internal ModelSources(int models)
    {
        Folder = Directory.CreateTempSubdirectory("sourcenet-models-").FullName;
        Files = [.. Enumerable.Range(0, models).Select(number => Path.Combine(Folder, $"SimpleCnn{number}.cs"))];
        var model = File.ReadAllText(Path.Combine(Repository.Metadata("RepositoryRoot"), Model));
        foreach (var (number, file) in Files.Index())
        {
            File.WriteAllText(file, model.Replace("SimpleCnn", $"SimpleCnn{number}", StringComparison.Ordinal));
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

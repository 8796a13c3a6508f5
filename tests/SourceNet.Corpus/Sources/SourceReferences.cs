using Microsoft.CodeAnalysis;

namespace SourceNet.Corpus.Sources;

/// <summary>What every source is bound against, whatever its project asks for: the framework, TorchSharp and SourceNet.</summary>
internal static class SourceReferences
{
    public static IReadOnlyList<MetadataReference> All { get; } = Find().ToList();

    private static IEnumerable<MetadataReference> Find()
    {
        var runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == runtime || Path.GetFileName(path) is "TorchSharp.dll" or "SourceNet.dll" or "SkiaSharp.dll")
            .Select(path => MetadataReference.CreateFromFile(path));
    }
}

namespace SourceNet.Generators.Tests;

/// <summary>The source files of the gallery's models.</summary>
internal static class Gallery
{
    public static IReadOnlyList<(string Path, string Text)> Files { get; } =
    [
        .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Gallery"), "*.cs")
            .Order(StringComparer.Ordinal)
            .Select(path => (Path.GetFileName(path), File.ReadAllText(path))),
    ];

    public static string Text(string file) => Files.Single(candidate => candidate.Path == file).Text;
}

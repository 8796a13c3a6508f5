namespace SourceNet.Corpus.Sources;

/// <summary>The files of a tree that somebody wrote.</summary>
internal static class SourceFiles
{
    private static readonly EnumerationOptions s_all = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint,
    };

    public static IReadOnlyList<string> Of(string root) => Written(root, "*.cs").Where(path => !IsGenerated(path)).ToList();

    public static IReadOnlyList<string> ProjectsOf(string root) => Written(root, "*.csproj").ToList();

    private static IEnumerable<string> Written(string root, string pattern) => Directory.EnumerateFiles(root, pattern, s_all)
        .Where(path => !IsBuilt(Path.GetRelativePath(root, path)))
        .Order(StringComparer.Ordinal);

    private static bool IsBuilt(string path) =>
        path.Split(Path.DirectorySeparatorChar).SkipLast(1).Any(folder => folder.Equals("bin", StringComparison.OrdinalIgnoreCase)
            || folder.Equals("obj", StringComparison.OrdinalIgnoreCase));

    private static bool IsGenerated(string path) =>
        path.EndsWith(".g.cs", StringComparison.OrdinalIgnoreCase)
            || path.EndsWith(".g.i.cs", StringComparison.OrdinalIgnoreCase)
            || path.EndsWith(".designer.cs", StringComparison.OrdinalIgnoreCase);
}

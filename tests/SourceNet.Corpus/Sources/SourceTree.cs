using Microsoft.CodeAnalysis;

namespace SourceNet.Corpus.Sources;

/// <summary>A folder of sources as compilations, one for each project. Nothing is restored, so what is missing stays unbound.</summary>
internal sealed class SourceTree
{
    private readonly Dictionary<string, SourceProject?> _compiled = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ProjectFile> _projects;
    private readonly ILookup<string, string> _files;

    private SourceTree(string root)
    {
        Root = root;
        _projects = SourceFiles.ProjectsOf(root)
            .DistinctBy(path => path, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(path => path, path => ProjectFile.Read(path, root), StringComparer.OrdinalIgnoreCase);
        var owners = _projects.Keys
            .GroupBy(path => Path.GetDirectoryName(path)!)
            .ToDictionary(folder => folder.Key, folder => folder.Order(StringComparer.Ordinal).First());
        _files = SourceFiles.Of(root).ToLookup(file => Owner(file, owners));
        Projects = _files.Select(group => group.Key).Order(StringComparer.Ordinal).Select(Compile).OfType<SourceProject>().ToList();
    }

    public string Root { get; }

    public IReadOnlyList<SourceProject> Projects { get; }

    public static SourceTree Read(string root) => new(Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)));

    /// <summary>The project file that is nearest above; the root for sources without one.</summary>
    private string Owner(string file, Dictionary<string, string> owners)
    {
        for (var folder = Path.GetDirectoryName(file)!; folder.Length >= Root.Length; folder = Path.GetDirectoryName(folder)!)
        {
            if (owners.TryGetValue(folder, out var project))
            {
                return project;
            }

            if (folder == Root)
            {
                break;
            }
        }

        return Root;
    }

    /// <returns>Null for a project without sources, and for one that refers to itself through others.</returns>
    private SourceProject? Compile(string owner)
    {
        if (_compiled.TryGetValue(owner, out var compiled))
        {
            return compiled;
        }

        // Until it is there: a circle ends here.
        _compiled[owner] = null;
        if (!_files.Contains(owner))
        {
            return null;
        }

        var project = _projects.GetValueOrDefault(owner);
        var trees = _files[owner].AsParallel().AsOrdered().Select(SourceCompiler.Read).ToList();
        var usings = project?.Usings is { Length: > 0 } text ? [SourceCompiler.Parse("GlobalUsings.g.cs", text)] : Array.Empty<SyntaxTree>();
        var references = References(project).Select(reference => reference.Compilation.ToMetadataReference());
        var compilation = SourceCompiler.Compile(
            Path.GetFileNameWithoutExtension(owner),
            [.. trees, .. usings],
            project?.Nullable ?? NullableContextOptions.Disable,
            references);
        var (generated, crashes) = SourceCompiler.Generate(compilation);
        var texts = trees.Select(tree => tree.GetText()).ToList();
        return _compiled[owner] = new(
            Path.GetRelativePath(Root, owner),
            generated,
            trees.Count,
            texts.Sum(source => source.Lines.Count),
            texts.Where(source => source.ToString().Contains("TorchSharp", StringComparison.Ordinal)).Sum(source => source.Lines.Count),
            crashes);
    }

    /// <summary>The projects of this tree that a project refers to, and those that they refer to.</summary>
    private HashSet<SourceProject> References(ProjectFile? project)
    {
        HashSet<SourceProject> found = [];
        foreach (var reference in project?.References ?? [])
        {
            if (_projects.TryGetValue(reference, out var referenced) && Compile(referenced.Path) is { } compiled && found.Add(compiled))
            {
                found.UnionWith(References(referenced));
            }
        }

        return found;
    }
}

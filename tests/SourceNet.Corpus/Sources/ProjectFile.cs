using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace SourceNet.Corpus.Sources;

/// <summary>
/// What a project file says about the meaning of its sources, read as text: nothing is restored or evaluated.
/// Conditions are taken as true, and a later value wins over an earlier one.
/// </summary>
internal sealed class ProjectFile
{
    private static readonly string[] s_implicitUsings =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks"];

    private readonly Dictionary<string, string> _properties = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<XElement> _items = [];

    private ProjectFile(string path) => Path = path;

    public string Path { get; }

    public NullableContextOptions Nullable =>
        _properties.TryGetValue("Nullable", out var text) && Enum.TryParse<NullableContextOptions>(text, ignoreCase: true, out var nullable)
            ? nullable
            : NullableContextOptions.Disable;

    /// <summary>The full paths of the projects that this one refers to.</summary>
    public IEnumerable<string> References =>
        Included("ProjectReference").Select(include => System.IO.Path.GetFullPath(include.Replace('\\', '/'), System.IO.Path.GetDirectoryName(Path)!));

    /// <summary>The global usings that a build would write, as source.</summary>
    public string Usings => string.Concat(UsingDirectives().Select(directive => $"global using {directive};\n"));

    /// <param name="path">A project file.</param>
    /// <param name="root">The tree that it belongs to. <c>Directory.Build.props</c> is looked for no higher.</param>
    public static ProjectFile Read(string path, string root)
    {
        var project = new ProjectFile(path);
        foreach (var props in FoldersDownTo(System.IO.Path.GetDirectoryName(path)!, root)
            .Select(folder => System.IO.Path.Combine(folder, "Directory.Build.props"))
            .Where(File.Exists))
        {
            project.Add(props);
        }

        project.Add(path);
        return project;
    }

    private static IEnumerable<string> FoldersDownTo(string folder, string root) =>
        folder == root || System.IO.Path.GetDirectoryName(folder) is not { } above ? [folder] : [.. FoldersDownTo(above, root), folder];

    private void Add(string path)
    {
        XDocument document;
        try
        {
            document = XDocument.Load(path);
        }
        catch (XmlException)
        {
            // A template, or a file with conflict marks: its sources are still worth reading.
            return;
        }

        foreach (var element in document.Descendants())
        {
            switch (element.Parent?.Name.LocalName)
            {
                case "PropertyGroup":
                    _properties[element.Name.LocalName] = element.Value.Trim();
                    break;
                case "ItemGroup":
                    _items.Add(element);
                    break;
            }
        }
    }

    private IEnumerable<string> Included(string item) => _items
        .Where(element => element.Name.LocalName == item)
        .Select(element => (string?)element.Attribute("Include") ?? "")
        .Where(include => include.Length > 0);

    private IEnumerable<string> UsingDirectives()
    {
        var removed = _items.Where(element => element.Name.LocalName == "Using").Select(element => (string?)element.Attribute("Remove")).ToHashSet();
        var written = _items.Where(element => element.Name.LocalName == "Using" && element.Attribute("Include") is not null).Select(Directive);
        return (HasImplicitUsings ? s_implicitUsings.Except(removed) : []).Concat(written).Distinct()!;
    }

    private bool HasImplicitUsings =>
        _properties.TryGetValue("ImplicitUsings", out var value)
            && (value.Equals("enable", StringComparison.OrdinalIgnoreCase) || value.Equals("true", StringComparison.OrdinalIgnoreCase));

    private static string Directive(XElement element)
    {
        var name = (string)element.Attribute("Include")!;
        if ((string?)element.Attribute("Alias") is { } alias)
        {
            return $"{alias} = {name}";
        }

        return bool.TryParse((string?)element.Attribute("Static"), out var isStatic) && isStatic ? $"static {name}" : name;
    }
}

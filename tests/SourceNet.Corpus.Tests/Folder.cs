namespace SourceNet.Corpus.Tests;

/// <summary>A tree of sources in a temporary folder.</summary>
internal sealed class Folder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("sourcenet-corpus-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);

    public Folder With(string file, string text)
    {
        var path = System.IO.Path.Combine(Path, file);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return this;
    }

    /// <summary>With a project file that says this.</summary>
    public Folder WithProject(string file, string content = "") => With(file, $"""<Project Sdk="Microsoft.NET.Sdk">{content}</Project>""");
}

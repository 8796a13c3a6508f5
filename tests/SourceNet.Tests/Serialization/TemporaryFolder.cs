namespace SourceNet.Tests.Serialization;

internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sourcenet-");

    internal string this[string name] => Path.Combine(folder.FullName, name);

    internal string[] Names => [.. folder.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal)];

    public void Dispose() => folder.Delete(recursive: true);
}

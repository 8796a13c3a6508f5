using System.IO.Compression;

namespace SourceNet.Training.Tests;

/// <summary>A folder that goes away with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("sourcenet-training-").FullName;

    internal string File(string name) => System.IO.Path.Combine(Path, name);

    internal string Write(string name, byte[] content)
    {
        System.IO.File.WriteAllBytes(File(name), content);
        return File(name);
    }

    internal byte[] Read(string name) => System.IO.File.ReadAllBytes(File(name));

    /// <summary>Replaces a file by its gzip file.</summary>
    internal void Pack(string name)
    {
        Write(name + ".gz", Packed(Read(name)));
        System.IO.File.Delete(File(name));
    }

    internal static byte[] Packed(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

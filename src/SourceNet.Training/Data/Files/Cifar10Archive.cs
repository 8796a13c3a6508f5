using System.Formats.Tar;

namespace SourceNet.Training;

/// <summary>The official archive, a gzip file of a tar file.</summary>
internal static class Cifar10Archive
{
    /// <summary>The entries of these names, in this order, whatever folder they are in.</summary>
    /// <exception cref="InvalidDataException">The archive is damaged, or an entry is missing.</exception>
    internal static DataFile[] Read(string path, IReadOnlyList<string> names)
    {
        var entries = Gzip.Read(path, stream => ReadEntries(path, stream, names));
        return
        [
            .. names.Select(name => entries.TryGetValue(name, out var content)
                ? new MemoryFile($"{path}:{name}", content)
                : throw new InvalidDataException($"{path}: expected an entry {name}, found none (truncated?)")),
        ];
    }

    private static Dictionary<string, byte[]> ReadEntries(string path, Stream stream, IReadOnlyList<string> names)
    {
        var entries = new Dictionary<string, byte[]>();
        using var reader = new TarReader(stream, leaveOpen: true);
        while (Next(reader) is { } entry)
        {
            var name = entry.Name[(entry.Name.LastIndexOf('/') + 1)..];
            if (entry.DataStream is null || !names.Contains(name))
            {
                continue;
            }

            entries[name] = Gzip.ReadToEnd(path, entry.DataStream);
        }

        return entries;
    }

    /// <summary>The next entry. What the reader makes of spoiled numbers and dates is told like other damage.</summary>
    private static TarEntry? Next(TarReader reader)
    {
        try
        {
            return reader.GetNextEntry();
        }
        catch (Exception error) when (error is OverflowException or FormatException or ArgumentException or InvalidOperationException)
        {
            throw new InvalidDataException(error.Message, error);
        }
    }
}

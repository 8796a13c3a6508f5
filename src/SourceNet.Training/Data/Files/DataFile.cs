namespace SourceNet.Training;

/// <summary>The bytes of a file of a data set, unpacked.</summary>
/// <param name="path">Where it lies, for messages.</param>
internal abstract class DataFile(string path) : IDisposable
{
    internal string Path => path;

    internal abstract long Length { get; }

    /// <summary>
    /// Opens <c>directory/name</c>, memory-mapped, or <c>directory/name.gz</c>, unpacked into memory; the plain file wins. Null if neither is there.
    /// </summary>
    /// <param name="directory">Where it lies.</param>
    /// <param name="name">What the plain file is called.</param>
    /// <param name="headerLength">How many bytes at the beginning tell the length; 0 if none do.</param>
    /// <param name="expected">The length by these bytes; null if they do not tell it.</param>
    /// <exception cref="InvalidDataException">The gzip file is damaged.</exception>
    internal static DataFile? Find(string directory, string name, int headerLength = 0, Func<byte[], decimal?>? expected = null)
    {
        var plain = System.IO.Path.Combine(directory, name);
        if (File.Exists(plain))
        {
            return Open(plain);
        }

        var packed = plain + ".gz";
        return File.Exists(packed) ? new MemoryFile(packed, Gzip.Read(packed, headerLength, expected)) : null;
    }

    /// <summary>Opens a file: one that ends in <c>.gz</c> is unpacked.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">The gzip file is damaged.</exception>
    internal static DataFile Open(string path) =>
        path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new MemoryFile(path, Gzip.Read(path)) : new MappedFile(path);

    /// <summary>Copies what lies at an offset. Any thread may read, also while another disposes.</summary>
    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    /// <exception cref="InvalidDataException">The file became shorter since it was opened.</exception>
    internal abstract void Read(long offset, Span<byte> destination);

    public abstract void Dispose();
}

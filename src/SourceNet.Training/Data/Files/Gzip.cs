using System.Buffers.Binary;
using System.IO.Compression;

namespace SourceNet.Training;

/// <summary>Reads gzip files and says which one is damaged, and how.</summary>
internal static class Gzip
{
    /// <summary>A header of 10 bytes and a trailer of 8.</summary>
    private const int Overhead = 18;

    /// <summary>Unpacks a whole file.</summary>
    internal static byte[] Read(string path) => Read(path, stream => ReadToEnd(path, stream));

    /// <summary>Unpacks what a reader asks for, and the rest for its checksum.</summary>
    /// <exception cref="InvalidDataException">The file is not gzip, damaged or truncated. What the reader finds wrong comes through as it is.</exception>
    internal static T Read<T>(string path, Func<Stream, T> read)
    {
        using var file = File.OpenRead(path);
        if (file.Length < Overhead)
        {
            throw new InvalidDataException($"{path}: expected a complete gzip file, found one of {file.Length} bytes (truncated?)");
        }

        using var counted = new CountingStream(new GZipStream(file, CompressionMode.Decompress, leaveOpen: true));
        T content;
        try
        {
            content = read(counted);
            counted.CopyTo(Stream.Null);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException && !error.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{path}: expected a complete gzip file, found a damaged or truncated one ({error.Message})", error);
        }

        CheckTrailer(path, file, counted.Count);
        return content;
    }

    /// <summary>The rest of a stream. The buffer grows with what is really there: a damaged length must not make us ask for gigabytes.</summary>
    internal static byte[] ReadToEnd(string path, Stream stream)
    {
        using var content = new MemoryStream();
        var chunk = new byte[1 << 16];
        for (int count; (count = stream.Read(chunk)) > 0;)
        {
            if (content.Length + count > Array.MaxLength)
            {
                throw new InvalidDataException($"{path}: expected at most {Array.MaxLength} bytes after unpacking, found more");
            }

            content.Write(chunk, 0, count);
        }

        return content.ToArray();
    }

    /// <summary>GZipStream takes a file that ends inside its trailer for complete. The last four bytes are the length of the content.</summary>
    private static void CheckTrailer(string path, FileStream file, long unpacked)
    {
        Span<byte> length = stackalloc byte[4];
        file.Seek(-length.Length, SeekOrigin.End);
        file.ReadExactly(length);
        var promised = BinaryPrimitives.ReadUInt32LittleEndian(length);
        if (promised != (uint)unpacked)
        {
            throw new InvalidDataException($"{path}: expected a complete gzip file, found {unpacked} bytes where its end says {promised} (damaged or truncated?)");
        }
    }
}

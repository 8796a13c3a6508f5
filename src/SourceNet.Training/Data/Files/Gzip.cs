using System.Buffers.Binary;
using System.IO.Compression;

namespace SourceNet.Training;

/// <summary>Reads gzip files and says which one is damaged, and how.</summary>
internal static class Gzip
{
    /// <summary>A header of 10 bytes and a trailer of 8.</summary>
    private const int Overhead = 18;

    /// <summary>Unpacks a whole file, and no more than it promises: a small file may unpack to terabytes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="headerLength">How many bytes at the beginning of the content tell its length; 0 if none do.</param>
    /// <param name="expected">The length of the whole content by these bytes; null if they do not tell it.</param>
    /// <exception cref="InvalidDataException">The file is not gzip, damaged, truncated, or longer than its header or its end says.</exception>
    internal static byte[] Read(string path, int headerLength = 0, Func<byte[], decimal?>? expected = null) => Read(path, stream =>
    {
        var header = new byte[headerLength];
        var read = stream.ReadAtLeast(header, headerLength, throwOnEndOfStream: false);
        var length = read == headerLength ? expected?.Invoke(header) : null;
        return ReadToEnd(path, stream, header.AsSpan(0, read), length is { } known ? (known, "as its header says") : (Promised(path), "as its end says"));
    });

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
    internal static byte[] ReadToEnd(string path, Stream stream, ReadOnlySpan<byte> start = default, (decimal Length, string Who)? promised = null)
    {
        using var content = new MemoryStream();
        content.Write(start);
        var chunk = new byte[1 << 16];
        for (int count; (count = stream.Read(chunk)) > 0;)
        {
            if (promised is var (length, who) && content.Length + count > length)
            {
                throw new InvalidDataException($"{path}: expected a complete gzip file of {length} bytes after unpacking, {who}, found more (damaged or "
                    + "truncated?)");
            }

            if (content.Length + count > Array.MaxLength)
            {
                throw new InvalidDataException($"{path}: expected at most {Array.MaxLength} bytes after unpacking, found more");
            }

            content.Write(chunk, 0, count);
        }

        return content.ToArray();
    }

    /// <summary>The length of the content, as the end of the file says: exact below 4 GiB.</summary>
    private static long Promised(string path)
    {
        using var file = File.OpenRead(path);
        return LastNumber(file);
    }

    private static uint LastNumber(FileStream file)
    {
        Span<byte> length = stackalloc byte[4];
        file.Seek(-length.Length, SeekOrigin.End);
        file.ReadExactly(length);
        return BinaryPrimitives.ReadUInt32LittleEndian(length);
    }

    /// <summary>GZipStream takes a file that ends inside its trailer for complete. The last four bytes are the length of the content.</summary>
    private static void CheckTrailer(string path, FileStream file, long unpacked)
    {
        var promised = LastNumber(file);
        if (promised != (uint)unpacked)
        {
            throw new InvalidDataException($"{path}: expected a complete gzip file, found {unpacked} bytes where its end says {promised} (damaged or "
                + "truncated?)");
        }
    }
}

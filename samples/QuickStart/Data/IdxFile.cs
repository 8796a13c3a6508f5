using System.Buffers.Binary;
using System.IO.Compression;

namespace QuickStart.Data;

/// <summary>
/// One file of the MNIST family, plain or gzip: a big-endian header (<c>00 00 08 rank</c>, then one 32-bit size an axis), then one
/// unsigned byte a value. Everything that the header promises is checked.
/// </summary>
/// <param name="Path">Where it was read from.</param>
/// <param name="Sizes">The size of each axis: <c>[N]</c> for labels, <c>[N, H, W]</c> for images.</param>
/// <param name="Values">The values, last axis fastest.</param>
internal sealed record IdxFile(string Path, int[] Sizes, byte[] Values)
{
    private const int UnsignedByte = 0x08;

    /// <summary>Reads <c>folder/name</c> or <c>folder/name.gz</c>; the plain file wins.</summary>
    /// <exception cref="FileNotFoundException">Neither is there.</exception>
    /// <exception cref="InvalidDataException">The content is not what the name and the header promise.</exception>
    public static IdxFile Read(string folder, string name, int rank)
    {
        var plain = System.IO.Path.Combine(folder, name);
        if (File.Exists(plain))
        {
            using var file = File.OpenRead(plain);
            return Read(file, plain, rank);
        }
        var packed = plain + ".gz";
        if (File.Exists(packed))
        {
            using var file = File.OpenRead(packed);
            return ReadPacked(file, packed, rank);
        }
        throw new FileNotFoundException($"{folder}: expected the file {name} or {name}.gz, found neither");
    }

    private static IdxFile ReadPacked(FileStream file, string path, int rank)
    {
        using var unpacked = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
        IdxFile content;
        try
        {
            content = Read(unpacked, path, rank);
        }
        catch (InvalidDataException error) when (!error.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{path}: expected a complete gzip file, found a damaged or truncated one ({error.Message})", error);
        }

        // GZipStream takes a file that ends inside its trailer for complete. The last four bytes are the length of the content.
        Span<byte> trailer = stackalloc byte[4];
        file.Seek(-trailer.Length, SeekOrigin.End);
        file.ReadExactly(trailer);
        return BinaryPrimitives.ReadUInt32LittleEndian(trailer) == (uint)(HeaderLength(rank) + content.Values.Length)
            ? content
            : throw new InvalidDataException($"{path}: expected a complete gzip file, found one whose end is damaged or truncated");
    }

    private static IdxFile Read(Stream stream, string path, int rank)
    {
        var sizes = ReadHeader(stream, path, rank);
        return new IdxFile(path, sizes, ReadValues(stream, path, sizes));
    }

    private static int HeaderLength(int rank) => 4 + (4 * rank);

    private static int[] ReadHeader(Stream stream, string path, int rank)
    {
        Span<byte> header = stackalloc byte[HeaderLength(rank)];
        var length = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (length < header.Length)
            throw new InvalidDataException($"{path}: expected a header of {header.Length} bytes, found a file of {length} bytes (truncated?)");

        var magic = BinaryPrimitives.ReadInt32BigEndian(header);
        var expected = (UnsignedByte << 8) | rank;
        if (magic != expected)
            throw new InvalidDataException($"{path}: expected the magic number 0x{expected:x8} (unsigned bytes, {rank} axes), found 0x{magic:x8}");

        var sizes = new int[rank];
        for (var axis = 0; axis < rank; axis++)
        {
            sizes[axis] = BinaryPrimitives.ReadInt32BigEndian(header[(4 + (4 * axis))..]);
            if (sizes[axis] < 1)
                throw new InvalidDataException($"{path}: expected a size of at least 1 on axis {axis}, found {sizes[axis]}");
        }
        return sizes;
    }

    private static byte[] ReadValues(Stream stream, string path, int[] sizes)
    {
        var shape = string.Join(" x ", sizes);
        var expected = sizes.Aggregate(1m, (product, size) => product * size);
        if (expected > Array.MaxLength)
            throw new InvalidDataException($"{path}: expected at most {Array.MaxLength} values, found a header that promises {shape} = {expected}");

        // The buffer grows with what is really there: a wrong header must not make us ask for gigabytes.
        using var values = new MemoryStream();
        var chunk = new byte[64 * 1024];
        for (int count; (count = stream.Read(chunk)) > 0;)
        {
            if (values.Length + count > expected)
                throw new InvalidDataException($"{path}: expected {shape} = {expected} values after the header, found more");
            values.Write(chunk, 0, count);
        }
        return values.Length == expected
            ? values.ToArray()
            : throw new InvalidDataException($"{path}: expected {shape} = {expected} values after the header, found {values.Length} (truncated?)");
    }
}

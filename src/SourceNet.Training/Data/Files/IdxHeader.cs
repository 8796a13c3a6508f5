using System.Buffers.Binary;

namespace SourceNet.Training;

/// <summary>
/// The header of a file of the MNIST family: <c>00 00 08 rank</c>, then one big-endian 32-bit size an axis. Unsigned bytes follow, the last axis fastest.
/// </summary>
/// <param name="Sizes">The size of each axis: <c>[N]</c> for labels, <c>[N, H, W]</c> for images.</param>
internal sealed record IdxHeader(int[] Sizes)
{
    private const int UnsignedByte = 0x08;

    /// <summary>Where the values begin.</summary>
    internal int Length => LengthOf(Sizes.Length);

    /// <summary>The bytes of a header of some axes.</summary>
    internal static int LengthOf(int rank) => 4 + (4 * rank);

    /// <summary>The length of the file that begins with these bytes; null if they are no such header.</summary>
    internal static decimal? FileLength(byte[] header, int rank)
    {
        if (BinaryPrimitives.ReadInt32BigEndian(header) != ((UnsignedByte << 8) | rank))
        {
            return null;
        }

        var values = Enumerable.Range(1, rank).Aggregate(1m, (product, axis) => product * BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4 * axis)));
        return values > 0 ? values + header.Length : null;
    }

    /// <summary>Reads the header, and checks that the file has exactly the values that it promises.</summary>
    /// <exception cref="InvalidDataException">It is not such a file.</exception>
    internal static IdxHeader Read(DataFile file, int rank)
    {
        var header = new IdxHeader(new int[rank]);
        if (file.Length < header.Length)
        {
            throw new InvalidDataException($"{file.Path}: expected a header of {header.Length} bytes, found a file of {file.Length} bytes (truncated?)");
        }

        Span<byte> bytes = stackalloc byte[header.Length];
        file.Read(0, bytes);
        var expected = (UnsignedByte << 8) | rank;
        var magic = BinaryPrimitives.ReadInt32BigEndian(bytes);
        if (magic != expected)
        {
            throw new InvalidDataException($"{file.Path}: expected the magic number 0x{expected:x8} (unsigned bytes, {rank} axes), found 0x{magic:x8}");
        }

        for (var axis = 0; axis < rank; axis++)
        {
            header.Sizes[axis] = BinaryPrimitives.ReadInt32BigEndian(bytes[(4 + (4 * axis))..]);
        }

        header.Check(file);
        return header;
    }

    private void Check(DataFile file)
    {
        var wrong = Array.FindIndex(Sizes, size => size < 1);
        if (wrong >= 0)
        {
            throw new InvalidDataException($"{file.Path}: expected a size of at least 1 on axis {wrong}, found {Sizes[wrong]}");
        }

        var expected = Sizes.Aggregate(1m, (product, size) => product * size);
        var found = file.Length - Length;
        if (found != expected)
        {
            var shape = string.Join(" x ", Sizes);
            throw new InvalidDataException($"{file.Path}: expected {shape} = {expected} values after the header, found "
                + $"{found}{(found < expected ? " (truncated?)" : "")}");
        }
    }
}

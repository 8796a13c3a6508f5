using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SourceNet.Training;

/// <summary>A part of an image, possibly mirrored. What lies outside of the image is black.</summary>
/// <param name="Top">The first row, negative above the image.</param>
/// <param name="Left">The first column, negative beside the image.</param>
/// <param name="Mirrored">Whether left and right change places.</param>
internal readonly record struct Window(int Top, int Left, bool Mirrored)
{
    /// <param name="image"><c>[C, H, W]</c>.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="output">Receives the part.</param>
    /// <param name="size">The shape of the part.</param>
    internal void Copy(ReadOnlySpan<byte> image, ImageShape shape, Span<byte> output, ImageShape size)
    {
        var (firstRow, lastRow) = Seen(Top, shape.Height, size.Height);
        var (first, last) = Seen(Left, shape.Width, size.Width);
        if (firstRow > 0 || lastRow < size.Height || first > 0 || last < size.Width)
        {
            output.Clear();
        }

        if (first == last)
        {
            return;
        }

        var place = Mirrored ? size.Width - last : first;
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            var from = (channel * shape.Pixels) + ((firstRow + Top) * shape.Width) + first + Left;
            var to = (channel * size.Pixels) + (firstRow * size.Width) + place;
            for (var y = firstRow; y < lastRow; y++, from += shape.Width, to += size.Width)
            {
                var row = image.Slice(from, last - first);
                if (Mirrored)
                {
                    Mirror(row, output.Slice(to, row.Length));
                }
                else
                {
                    row.CopyTo(output[to..]);
                }
            }
        }
    }

    /// <summary>Copies a row from right to left.</summary>
    private static void Mirror(ReadOnlySpan<byte> row, Span<byte> output)
    {
        var length = row.Length;
        if (length < Vector128<byte>.Count)
        {
            row.CopyTo(output);
            output.Reverse();
            return;
        }

        ref var from = ref MemoryMarshal.GetReference(row);
        ref var to = ref MemoryMarshal.GetReference(output[..length]);
        var end = (nuint)(length - Vector128<byte>.Count);
        for (nuint index = 0; index < end; index += (nuint)Vector128<byte>.Count)
        {
            Reversed(ref from, index).StoreUnsafe(ref to, end - index);
        }

        // The last vector may write some places again, with the same pixels.
        Reversed(ref from, end).StoreUnsafe(ref to);

        static Vector128<byte> Reversed(ref byte from, nuint index) =>
            Vector128.Shuffle(Vector128.LoadUnsafe(ref from, index), Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
    }

    /// <summary>Which places of the part show the image: from the first up to the last, which is not one of them.</summary>
    private static (int First, int Last) Seen(int offset, int length, int size)
    {
        var first = Math.Clamp(-offset, 0, size);
        return (first, Math.Clamp(length - offset, first, size));
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SourceNet.Training;

/// <summary>The loops over the pixels of an image.</summary>
/// <remarks>In vectors of eight everywhere, also where the machine has wider ones: sums come out the same on every machine.</remarks>
internal static class PixelLoops
{
    /// <summary>Sums of floats are taken over into double precision after this many pixels.</summary>
    private const int Block = 1 << 10;

    private static int Lanes => Vector256<float>.Count;

    /// <summary>Bytes of a plane to floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Map<TMap>(ReadOnlySpan<byte> plane, TMap map, Span<float> output)
        where TMap : struct, IPixelMap
    {
        output = output[..plane.Length];
        var index = 0;
        for (; index <= plane.Length - Lanes; index += Lanes)
        {
            map.Of(Load(plane, index)).StoreUnsafe(ref MemoryMarshal.GetReference(output), (nuint)index);
        }

        if (index < plane.Length)
        {
            StorePart(map.Of(LoadPart(plane[index..])), output[index..]);
        }
    }

    /// <summary>The sum of a plane's pixels after a function.</summary>
    internal static double Sum<TMap>(ReadOnlySpan<byte> plane, TMap map)
        where TMap : struct, IPixelMap
    {
        var sum = 0.0;
        for (; plane.Length > Block; plane = plane[Block..])
        {
            sum += SumBlock(plane[..Block], map);
        }

        return sum + SumBlock(plane, map);
    }

    /// <summary>Red, green and blue bytes to floats that depend on all three.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Map(ReadOnlySpan<byte> image, ColorMap map, Span<float> output)
    {
        var pixels = image.Length / 3;
        var red = image[..pixels];
        var green = image.Slice(pixels, pixels);
        var blue = image.Slice(2 * pixels, pixels);
        var redOutput = output[..pixels];
        var greenOutput = output.Slice(pixels, pixels);
        var blueOutput = output.Slice(2 * pixels, pixels);
        var index = 0;
        for (; index <= pixels - Lanes; index += Lanes)
        {
            var (r, g, b) = map.Of(Load(red, index), Load(green, index), Load(blue, index));
            r.StoreUnsafe(ref MemoryMarshal.GetReference(redOutput), (nuint)index);
            g.StoreUnsafe(ref MemoryMarshal.GetReference(greenOutput), (nuint)index);
            b.StoreUnsafe(ref MemoryMarshal.GetReference(blueOutput), (nuint)index);
        }

        if (index < pixels)
        {
            var (r, g, b) = map.Of(LoadPart(red[index..]), LoadPart(green[index..]), LoadPart(blue[index..]));
            StorePart(r, redOutput[index..]);
            StorePart(g, greenOutput[index..]);
            StorePart(b, blueOutput[index..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float SumBlock<TMap>(ReadOnlySpan<byte> plane, TMap map)
        where TMap : struct, IPixelMap
    {
        var sum = Vector256<float>.Zero;
        var index = 0;
        for (; index <= plane.Length - Lanes; index += Lanes)
        {
            sum += map.Of(Load(plane, index));
        }

        var total = Vector256.Sum(sum);
        if (index < plane.Length)
        {
            var last = map.Of(LoadPart(plane[index..]));
            for (var lane = 0; lane < plane.Length - index; lane++)
            {
                total += last[lane];
            }
        }

        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Load(ReadOnlySpan<byte> plane, int index) =>
        Widen(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref MemoryMarshal.GetReference(plane), index)));

    /// <summary>Fewer pixels than a vector has; zeros in the other lanes.</summary>
    private static Vector256<float> LoadPart(ReadOnlySpan<byte> pixels)
    {
        Span<byte> eight = stackalloc byte[sizeof(ulong)];
        eight.Clear();
        pixels.CopyTo(eight);
        return Widen(MemoryMarshal.Read<ulong>(eight));
    }

    private static void StorePart(Vector256<float> values, Span<float> output)
    {
        for (var lane = 0; lane < output.Length; lane++)
        {
            output[lane] = values[lane];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Widen(ulong eight)
    {
        var words = Vector128.WidenLower(Vector128.CreateScalarUnsafe(eight).AsByte());
        return Vector256.ConvertToSingle(Vector256.Create(Vector128.WidenLower(words), Vector128.WidenUpper(words)).AsInt32());
    }
}

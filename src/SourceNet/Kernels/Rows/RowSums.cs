using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Rows;

/// <summary>Sums over a row: floats in blocks, and the blocks in double precision, so that a long row loses no more than a short one.</summary>
internal static unsafe class RowSums
{
    private const int Block = 4096;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double Sum<TLanes>(float* x, int width)
        where TLanes : struct, ILanes<TLanes> =>
        Of<Plain, TLanes>(x, width, default);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double Squares<TLanes>(float* x, int width)
        where TLanes : struct, ILanes<TLanes> =>
        Of<Squared, TLanes>(x, width, default);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double SquaredDistances<TLanes>(float* x, int width, float from)
        where TLanes : struct, ILanes<TLanes> =>
        Of<SquaredDistance, TLanes>(x, width, TLanes.All(from));

    private interface ITerm
    {
        static abstract TLanes Add<TLanes>(TLanes sum, TLanes x, TLanes from)
            where TLanes : struct, ILanes<TLanes>;
    }

    private readonly struct Plain : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Add<TLanes>(TLanes sum, TLanes x, TLanes from)
            where TLanes : struct, ILanes<TLanes> => sum + x;
    }

    private readonly struct Squared : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Add<TLanes>(TLanes sum, TLanes x, TLanes from)
            where TLanes : struct, ILanes<TLanes> => TLanes.MultiplyAdd(x, x, sum);
    }

    private readonly struct SquaredDistance : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Add<TLanes>(TLanes sum, TLanes x, TLanes from)
            where TLanes : struct, ILanes<TLanes>
        {
            var distance = x - from;
            return TLanes.MultiplyAdd(distance, distance, sum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Of<TTerm, TLanes>(float* x, int width, TLanes from)
        where TTerm : ITerm
        where TLanes : struct, ILanes<TLanes>
    {
        var total = 0.0;
        for (var start = 0; start < width; start += Block)
        {
            var end = Math.Min(width, start + Block);
            // Four sums, because each addition waits for the one before.
            TLanes a = default, b = default, c = default, d = default;
            var i = start;
            for (; i <= end - (4 * TLanes.Count); i += 4 * TLanes.Count)
            {
                a = TTerm.Add(a, TLanes.Load(x + i), from);
                b = TTerm.Add(b, TLanes.Load(x + i + TLanes.Count), from);
                c = TTerm.Add(c, TLanes.Load(x + i + (2 * TLanes.Count)), from);
                d = TTerm.Add(d, TLanes.Load(x + i + (3 * TLanes.Count)), from);
            }

            for (; i <= end - TLanes.Count; i += TLanes.Count)
            {
                a = TTerm.Add(a, TLanes.Load(x + i), from);
            }

            if (i < end)
            {
                b = TLanes.Select(TLanes.First(end - i), TTerm.Add(b, TLanes.LoadFirst(x + i, end - i), from), b);
            }

            total += TLanes.Sum((a + b) + (c + d));
        }

        return total;
    }
}

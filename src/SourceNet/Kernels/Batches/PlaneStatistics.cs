using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>
/// Mean and variance of a piece of a channel. Two passes over each block that the first-level cache holds, then the blocks are taken together in double precision: memory is read once, and neither a
/// large mean nor many values cost precision.
/// </summary>
internal static unsafe class PlaneStatistics
{
    /// <summary>How many elements a block has, about: 16 KB.</summary>
    private const long Block = 1 << 12;

    internal static Moments Of<TLanes>(in BatchPlace place, long channel, in PlanePiece piece)
        where TLanes : struct, ILanes<TLanes>
    {
        var stride = place.Channels * place.Size;
        var start = place.X + (piece.FirstSample * stride) + (channel * place.Size) + piece.Offset;
        var width = Math.Min(piece.Count, Block);
        var height = Math.Max(1, Block / Math.Max(1, width));
        var all = default(Moments);
        for (var sample = 0L; sample < piece.Samples; sample += height)
        {
            var samples = Math.Min(height, piece.Samples - sample);
            for (var offset = 0L; offset < piece.Count; offset += width)
            {
                all.Add(OfBlock<TLanes>(start + (sample * stride) + offset, stride, samples, Math.Min(width, piece.Count - offset)));
            }
        }

        return all;
    }

    private static Moments OfBlock<TLanes>(float* x, long stride, long samples, long count)
        where TLanes : struct, ILanes<TLanes>
    {
        // Sums of differences from any element are small where the mean is large against the deviation.
        var first = *x;
        var values = (double)samples * count;
        var mean = first + (Sum<TLanes>(x, stride, samples, count, first) / values);
        var rounded = (float)mean;
        var squares = Squares<TLanes>(x, stride, samples, count, rounded);
        return new Moments { Count = values, Mean = mean, Squares = squares - (values * (mean - rounded) * (mean - rounded)) };
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double Sum<TLanes>(float* x, long stride, long samples, long count, float origin)
        where TLanes : struct, ILanes<TLanes>
    {
        var origins = TLanes.All(origin);
        var (a, b, c, d) = (TLanes.All(0), TLanes.All(0), TLanes.All(0), TLanes.All(0));
        var tail = LaneTail<TLanes>.Of(count);
        for (var sample = 0L; sample < samples; sample++, x += stride)
        {
            var index = 0L;
            for (; index <= count - (4 * TLanes.Count); index += 4 * TLanes.Count)
            {
                a += TLanes.Load(x + index) - origins;
                b += TLanes.Load(x + index + TLanes.Count) - origins;
                c += TLanes.Load(x + index + (2 * TLanes.Count)) - origins;
                d += TLanes.Load(x + index + (3 * TLanes.Count)) - origins;
            }

            for (; index <= count - TLanes.Count; index += TLanes.Count)
            {
                a += TLanes.Load(x + index) - origins;
            }

            if (index < count)
            {
                b += (tail.Load(x, count) - origins) & tail.New;
            }
        }

        return (a + b + (c + d)).Sum();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double Squares<TLanes>(float* x, long stride, long samples, long count, float mean)
        where TLanes : struct, ILanes<TLanes>
    {
        var means = TLanes.All(mean);
        var (a, b, c, d) = (TLanes.All(0), TLanes.All(0), TLanes.All(0), TLanes.All(0));
        var tail = LaneTail<TLanes>.Of(count);
        for (var sample = 0L; sample < samples; sample++, x += stride)
        {
            var index = 0L;
            for (; index <= count - (4 * TLanes.Count); index += 4 * TLanes.Count)
            {
                var first = TLanes.Load(x + index) - means;
                var second = TLanes.Load(x + index + TLanes.Count) - means;
                var third = TLanes.Load(x + index + (2 * TLanes.Count)) - means;
                var fourth = TLanes.Load(x + index + (3 * TLanes.Count)) - means;
                a = TLanes.MultiplyAdd(first, first, a);
                b = TLanes.MultiplyAdd(second, second, b);
                c = TLanes.MultiplyAdd(third, third, c);
                d = TLanes.MultiplyAdd(fourth, fourth, d);
            }

            for (; index <= count - TLanes.Count; index += TLanes.Count)
            {
                var difference = TLanes.Load(x + index) - means;
                a = TLanes.MultiplyAdd(difference, difference, a);
            }

            if (index < count)
            {
                var difference = (tail.Load(x, count) - means) & tail.New;
                b = TLanes.MultiplyAdd(difference, difference, b);
            }
        }

        return (a + b + (c + d)).Sum();
    }
}

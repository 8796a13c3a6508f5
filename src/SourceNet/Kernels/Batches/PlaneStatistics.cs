using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>
/// Mean and variance of a piece of a channel. Two passes over each block that the first-level cache holds, then the blocks are taken together in double precision: memory is read once, and neither a
/// large mean nor many values cost precision.
/// </summary>
internal static unsafe class PlaneStatistics
{
    /// <summary>How many numbers each lane of four vectors adds up in float32, about: with the widest vectors a block of 16 KB.</summary>
    private const long Additions = 64;

    internal static Moments Of<TVector>(in BatchPlace place, long channel, in PlanePiece piece)
        where TVector : struct, ISimdVector<TVector>
    {
        var stride = place.Channels * place.Size;
        var start = place.X + (piece.FirstSample * stride) + (channel * place.Size) + piece.Offset;
        var block = 4 * Additions * TVector.Count;
        var width = Math.Min(piece.Count, block);
        var height = Math.Max(1, block / Math.Max(1, width));
        var all = default(Moments);
        for (var sample = 0L; sample < piece.Samples; sample += height)
        {
            var samples = Math.Min(height, piece.Samples - sample);
            for (var offset = 0L; offset < piece.Count; offset += width)
            {
                all.Add(OfBlock<TVector>(start + (sample * stride) + offset, stride, samples, Math.Min(width, piece.Count - offset)));
            }
        }

        return all;
    }

    private static Moments OfBlock<TVector>(float* x, long stride, long samples, long count)
        where TVector : struct, ISimdVector<TVector>
    {
        // Sums of differences from any element are small where the mean is large against the deviation.
        var first = *x;
        var values = (double)samples * count;
        var mean = first + (Sum<TVector>(x, stride, samples, count, first) / values);
        var rounded = (float)mean;
        var squares = Squares<TVector>(x, stride, samples, count, rounded);
        return new Moments { Count = values, Mean = mean, Squares = squares - (values * (mean - rounded) * (mean - rounded)) };
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double Sum<TVector>(float* x, long stride, long samples, long count, float origin)
        where TVector : struct, ISimdVector<TVector>
    {
        var origins = TVector.Broadcast(origin);
        var (a, b, c, d) = (TVector.Broadcast(0), TVector.Broadcast(0), TVector.Broadcast(0), TVector.Broadcast(0));
        var tail = LaneTail<TVector>.Of(count);
        for (var sample = 0L; sample < samples; sample++, x += stride)
        {
            var index = 0L;
            for (; index <= count - (4 * TVector.Count); index += 4 * TVector.Count)
            {
                a += TVector.Load(x + index) - origins;
                b += TVector.Load(x + index + TVector.Count) - origins;
                c += TVector.Load(x + index + (2 * TVector.Count)) - origins;
                d += TVector.Load(x + index + (3 * TVector.Count)) - origins;
            }

            for (; index <= count - TVector.Count; index += TVector.Count)
            {
                a += TVector.Load(x + index) - origins;
            }

            if (index < count)
            {
                b += (tail.Load(x, count) - origins) & tail.New;
            }
        }

        return (a + b + (c + d)).Sum();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double Squares<TVector>(float* x, long stride, long samples, long count, float mean)
        where TVector : struct, ISimdVector<TVector>
    {
        var means = TVector.Broadcast(mean);
        var (a, b, c, d) = (TVector.Broadcast(0), TVector.Broadcast(0), TVector.Broadcast(0), TVector.Broadcast(0));
        var tail = LaneTail<TVector>.Of(count);
        for (var sample = 0L; sample < samples; sample++, x += stride)
        {
            var index = 0L;
            for (; index <= count - (4 * TVector.Count); index += 4 * TVector.Count)
            {
                var first = TVector.Load(x + index) - means;
                var second = TVector.Load(x + index + TVector.Count) - means;
                var third = TVector.Load(x + index + (2 * TVector.Count)) - means;
                var fourth = TVector.Load(x + index + (3 * TVector.Count)) - means;
                a = TVector.MultiplyAdd(first, first, a);
                b = TVector.MultiplyAdd(second, second, b);
                c = TVector.MultiplyAdd(third, third, c);
                d = TVector.MultiplyAdd(fourth, fourth, d);
            }

            for (; index <= count - TVector.Count; index += TVector.Count)
            {
                var difference = TVector.Load(x + index) - means;
                a = TVector.MultiplyAdd(difference, difference, a);
            }

            if (index < count)
            {
                var difference = (tail.Load(x, count) - means) & tail.New;
                b = TVector.MultiplyAdd(difference, difference, b);
            }
        }

        return (a + b + (c + d)).Sum();
    }
}

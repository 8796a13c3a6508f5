using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>
/// Mean and variance of a tile of a channel. Two passes over each block that the first-level cache holds, then the blocks are taken together in double
/// precision: memory is read once, and neither a
/// large mean nor many values cost precision.
/// </summary>
internal static unsafe class SpatialStatistics
{
    /// <summary>How many numbers each lane of four vectors adds up in float32, about: with the widest vectors a block of 16 KB.</summary>
    private const long Additions = 64;

    internal static Moments Of<TVector>(in BatchNormArguments arguments, long channel, in SpatialTile tile)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        var stride = arguments.Channels * arguments.Size;
        var start = arguments.X + (tile.FirstSample * stride) + (channel * arguments.Size) + tile.Offset;
        var block = 4 * Additions * TVector.Count;
        var width = Math.Min(tile.Count, block);
        var height = Math.Max(1, block / Math.Max(1, width));
        var all = default(Moments);
        for (var sample = 0L; sample < tile.Samples; sample += height)
        {
            var samples = Math.Min(height, tile.Samples - sample);
            for (var offset = 0L; offset < tile.Count; offset += width)
            {
                all.Add(OfBlock<TVector>(start + (sample * stride) + offset, stride, samples, Math.Min(width, tile.Count - offset)));
            }
        }

        return all;
    }

    private static Moments OfBlock<TVector>(float* x, long stride, long samples, long count)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        // Sums of differences from any element are small where the mean is large against the deviation.
        var first = *x;
        var values = (double)samples * count;
        var mean = first + (Sum<TVector, Difference>(x, stride, samples, count, first) / values);
        var rounded = (float)mean;
        var squares = Sum<TVector, SquaredDifference>(x, stride, samples, count, rounded);
        return new Moments { Count = values, Mean = mean, Squares = squares - (values * (mean - rounded) * (mean - rounded)) };
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double Sum<TVector, TTerm>(float* x, long stride, long samples, long count, float origin)
        where TVector : unmanaged, ISimdVector<TVector>
        where TTerm : struct, ITerm
    {
        var origins = TVector.Broadcast(origin);
        var (a, b, c, d) = (TVector.Broadcast(0), TVector.Broadcast(0), TVector.Broadcast(0), TVector.Broadcast(0));
        for (var sample = 0L; sample < samples; sample++, x += stride)
        {
            var index = 0L;
            for (; index <= count - (4 * TVector.Count); index += 4 * TVector.Count)
            {
                a = TTerm.Add(a, TVector.Load(x + index) - origins);
                b = TTerm.Add(b, TVector.Load(x + index + TVector.Count) - origins);
                c = TTerm.Add(c, TVector.Load(x + index + (2 * TVector.Count)) - origins);
                d = TTerm.Add(d, TVector.Load(x + index + (3 * TVector.Count)) - origins);
            }

            for (; index <= count - TVector.Count; index += TVector.Count)
            {
                a = TTerm.Add(a, TVector.Load(x + index) - origins);
            }

            if (index < count)
            {
                var rest = new PartialVector((int)(count - index));
                b = TTerm.Add(b, rest.Select(rest.Load<TVector>(x + index) - origins, TVector.Broadcast(0)));
            }
        }

        return (a + b + (c + d)).Sum();
    }
}

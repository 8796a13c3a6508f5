using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>Mean and variance of features, in two passes over the rows. Sums in float32 are taken over into double precision after a block of rows.</summary>
internal static unsafe class FeatureStatistics
{
    /// <summary>So many rows are summed in float32 before the sum goes on in double precision.</summary>
    private const int Block = 64;

    /// <summary>Sets the numbers of some features.</summary>
    internal static void Set<TVector>(in BatchNormArguments arguments, long first, int width)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        var origins = stackalloc float[FeaturePartition.Widest];
        var means = stackalloc double[FeaturePartition.Widest];
        var squares = stackalloc double[FeaturePartition.Widest];
        // Sums of differences from any element are small where the mean is large against the deviation.
        new ReadOnlySpan<float>(arguments.X + first, width).CopyTo(new(origins, width));
        Sum<TVector, Difference>(arguments, first, width, origins, means);
        var rounded = origins;
        for (var feature = 0; feature < width; feature++)
        {
            means[feature] = origins[feature] + (means[feature] / arguments.Samples);
            rounded[feature] = (float)means[feature];
        }

        Sum<TVector, SquaredDifference>(arguments, first, width, rounded, squares);
        for (var feature = 0; feature < width; feature++)
        {
            var error = means[feature] - rounded[feature];
            var sum = squares[feature] - (arguments.Samples * error * error);
            ChannelStatistics.FromBatch(arguments, first + feature, new() { Count = arguments.Samples, Mean = means[feature], Squares = sum });
        }
    }

    private static void Sum<TVector, TTerm>(in BatchNormArguments arguments, long first, int width, float* origins, double* totals)
        where TVector : unmanaged, ISimdVector<TVector>
        where TTerm : struct, ITerm
    {
        new Span<double>(totals, width).Clear();
        var sums = stackalloc float[FeaturePartition.Widest];
        for (var row = 0L; row < arguments.Samples; row += Block)
        {
            new Span<float>(sums, FeaturePartition.Widest).Clear();
            var end = Math.Min(row + Block, arguments.Samples);
            for (var top = row; top < end; top += FeaturePartition.TileHeight)
            {
                SumTile<TVector, TTerm>(arguments.X + (top * arguments.Channels) + first, arguments.Channels, Math.Min(FeaturePartition.TileHeight, end - top),
                    width, origins, sums);
            }

            for (var feature = 0; feature < width; feature++)
            {
                totals[feature] += sums[feature];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void SumTile<TVector, TTerm>(float* x, long stride, long height, int width, float* origins, float* sums)
        where TVector : unmanaged, ISimdVector<TVector>
        where TTerm : struct, ITerm
    {
        var feature = 0;
        for (; feature <= width - TVector.Count; feature += TVector.Count)
        {
            Sum<TVector, TTerm, FullVector>(x + feature, stride, height, origins + feature, sums + feature, default);
        }

        if (feature < width)
        {
            Sum<TVector, TTerm, PartialVector>(x + feature, stride, height, origins + feature, sums + feature, new(width - feature));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sum<TVector, TTerm, TExtent>(float* x, long stride, long height, float* origins, float* sums, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TTerm : struct, ITerm
        where TExtent : struct, IVectorExtent
    {
        var origin = extent.Load<TVector>(origins);
        var sum = extent.Load<TVector>(sums);
        for (var row = 0L; row < height; row++, x += stride)
        {
            sum = TTerm.Add(sum, extent.Load<TVector>(x) - origin);
        }

        extent.Store(sum, sums);
    }
}

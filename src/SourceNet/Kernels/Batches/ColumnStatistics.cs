using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>Mean and variance of columns, in two passes over the rows. Sums in float32 lanes are taken over into double precision after a block of rows.</summary>
internal static unsafe class ColumnStatistics
{
    private const int Block = 64;

    /// <summary>Sets the numbers of some columns.</summary>
    internal static void Set<TVector>(in BatchPlace place, long column, int width)
        where TVector : struct, ISimdVector<TVector>
    {
        var origins = stackalloc float[ColumnCut.Widest];
        var sums = stackalloc double[ColumnCut.Widest];
        var squares = stackalloc double[ColumnCut.Widest];
        // Sums of differences from any element are small where the mean is large against the deviation.
        new ReadOnlySpan<float>(place.X + column, width).CopyTo(new(origins, width));
        new Span<double>(sums, width).Clear();
        new Span<double>(squares, width).Clear();
        Add<TVector>(place, column, width, origins, squared: false, sums);
        var rounded = origins;
        for (var index = 0; index < width; index++)
        {
            sums[index] = origins[index] + (sums[index] / place.Samples);
            rounded[index] = (float)sums[index];
        }

        Add<TVector>(place, column, width, rounded, squared: true, squares);
        for (var index = 0; index < width; index++)
        {
            var excess = sums[index] - rounded[index];
            BatchNumbers.FromBatch(place, column + index, new() { Count = place.Samples, Mean = sums[index], Squares = squares[index] - (place.Samples * excess * excess) });
        }
    }

    private static void Add<TVector>(in BatchPlace place, long column, int width, float* origins, bool squared, double* totals)
        where TVector : struct, ISimdVector<TVector>
    {
        var sums = stackalloc float[ColumnCut.Widest];
        for (var row = 0L; row < place.Samples; row += Block)
        {
            var rows = Math.Min(Block, place.Samples - row);
            var x = place.X + (row * place.Channels) + column;
            new Span<float>(sums, ColumnCut.Widest).Clear();
            if (squared)
            {
                AddSquares<TVector>(x, place.Channels, rows, width, origins, sums);
            }
            else
            {
                AddDifferences<TVector>(x, place.Channels, rows, width, origins, sums);
            }

            for (var index = 0; index < width; index++)
            {
                totals[index] += sums[index];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AddDifferences<TVector>(float* x, long stride, long rows, int width, float* origins, float* sums)
        where TVector : struct, ISimdVector<TVector>
    {
        var rest = width % TVector.Count;
        var vectors = width - rest;
        for (var top = 0L; top < rows; top += ColumnCut.Tile)
        {
            var height = Math.Min(ColumnCut.Tile, rows - top);
            for (var index = 0; index < vectors; index += TVector.Count)
            {
                var origin = TVector.Load(origins + index);
                var sum = TVector.Load(sums + index);
                var place = x + (top * stride) + index;
                for (var row = 0L; row < height; row++, place += stride)
                {
                    sum += TVector.Load(place) - origin;
                }

                sum.Store(sums + index);
            }

            for (var row = top; rest > 0 && row < top + height; row++)
            {
                // The lanes after the last column collect what nobody reads.
                (TVector.Load(sums + vectors) + (TVector.LoadPartial(x + (row * stride) + vectors, rest) - TVector.Load(origins + vectors))).Store(sums + vectors);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AddSquares<TVector>(float* x, long stride, long rows, int width, float* means, float* sums)
        where TVector : struct, ISimdVector<TVector>
    {
        var rest = width % TVector.Count;
        var vectors = width - rest;
        for (var top = 0L; top < rows; top += ColumnCut.Tile)
        {
            var height = Math.Min(ColumnCut.Tile, rows - top);
            for (var index = 0; index < vectors; index += TVector.Count)
            {
                var mean = TVector.Load(means + index);
                var sum = TVector.Load(sums + index);
                var place = x + (top * stride) + index;
                for (var row = 0L; row < height; row++, place += stride)
                {
                    var difference = TVector.Load(place) - mean;
                    sum = TVector.MultiplyAdd(difference, difference, sum);
                }

                sum.Store(sums + index);
            }

            for (var row = top; rest > 0 && row < top + height; row++)
            {
                var difference = TVector.LoadPartial(x + (row * stride) + vectors, rest) - TVector.Load(means + vectors);
                TVector.MultiplyAdd(difference, difference, TVector.Load(sums + vectors)).Store(sums + vectors);
            }
        }
    }
}

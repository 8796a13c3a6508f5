using System.Runtime.CompilerServices;
using SourceNet.Kernels.Rows;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>Mean and sum of squared distances from it, gathered piece by piece, so that a large mean takes no precision from the variance (Chan et al. 1979).</summary>
internal unsafe struct BatchMoments
{
    /// <summary>A piece is read twice, and must still be in the nearest cache the second time.</summary>
    private const int Piece = 4096;

    private long count;
    private double mean;
    private double distances;

    internal readonly double Mean => mean;

    /// <summary>Divided by the number itself, as a batch norm normalizes.</summary>
    internal readonly double Variance => distances / count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add<TLanes>(float* x, int length)
        where TLanes : struct, ILanes<TLanes>
    {
        for (var start = 0; start < length; start += Piece)
        {
            var size = Math.Min(Piece, length - start);
            var pieceMean = RowSums.Sum<TLanes>(x + start, size) / size;
            // Distances from the rounded mean: what rounding took is put right.
            var rounded = (float)pieceMean;
            var off = pieceMean - rounded;
            Merge(size, pieceMean, RowSums.SquaredDistances<TLanes>(x + start, size, rounded) - (size * off * off));
        }
    }

    internal void Merge(long otherCount, double otherMean, double otherDistances)
    {
        var total = count + otherCount;
        var apart = otherMean - mean;
        mean += apart * otherCount / total;
        distances += otherDistances + (apart * apart * count * otherCount / total);
        count = total;
    }
}

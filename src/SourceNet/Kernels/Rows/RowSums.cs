using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Rows;

/// <summary>Sums along a row: in float32 inside of a block, in float64 over the blocks, so that the error does not grow with the row's length.</summary>
internal static unsafe class RowSums
{
    /// <summary>Elements in a block. Each lane of four vectors of partial sums adds 64 of them up, at every width.</summary>
    internal static int Block<TVector>()
        where TVector : struct, ISimdVector<TVector> => 4 * 64 * TVector.Count;

    /// <summary>Where the elements come from.</summary>
    internal interface ISource
    {
        TVector At<TVector, TExtent>(int index, TExtent extent)
            where TVector : struct, ISimdVector<TVector>
            where TExtent : struct, IVectorExtent;
    }

    /// <param name="source">Where the elements come from.</param>
    /// <param name="origin">What is subtracted from each.</param>
    /// <param name="features">How many.</param>
    internal static double Of<TVector, TSource, TTerm>(TSource source, float origin, int features)
        where TVector : struct, ISimdVector<TVector>
        where TSource : struct, ISource
        where TTerm : struct, ITerm
    {
        var block = Block<TVector>();
        if (features <= block)
        {
            return OfBlock<TVector, TSource, TTerm>(source, origin, 0, features);
        }

        var sum = 0.0;
        for (var start = 0; start < features; start += block)
        {
            sum += OfBlock<TVector, TSource, TTerm>(source, origin, start, Math.Min(features, start + block));
        }

        return sum;
    }

    /// <summary>Four sums side by side: one would wait for itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float OfBlock<TVector, TSource, TTerm>(TSource source, float origin, int start, int end)
        where TVector : struct, ISimdVector<TVector>
        where TSource : struct, ISource
        where TTerm : struct, ITerm
    {
        var origins = TVector.Broadcast(origin);
        var (first, second, third, fourth) = (TVector.Broadcast(0), TVector.Broadcast(0), TVector.Broadcast(0), TVector.Broadcast(0));
        var index = start;
        for (; index <= end - (4 * TVector.Count); index += 4 * TVector.Count)
        {
            first = TTerm.Add(first, source.At<TVector, FullVector>(index, default) - origins);
            second = TTerm.Add(second, source.At<TVector, FullVector>(index + TVector.Count, default) - origins);
            third = TTerm.Add(third, source.At<TVector, FullVector>(index + (2 * TVector.Count), default) - origins);
            fourth = TTerm.Add(fourth, source.At<TVector, FullVector>(index + (3 * TVector.Count), default) - origins);
        }

        for (; index <= end - TVector.Count; index += TVector.Count)
        {
            first = TTerm.Add(first, source.At<TVector, FullVector>(index, default) - origins);
        }

        if (index < end)
        {
            var rest = new PartialVector(end - index);
            second = rest.Select(TTerm.Add(second, source.At<TVector, PartialVector>(index, rest) - origins), second);
        }

        return ((first + second) + (third + fourth)).Sum();
    }

    /// <summary>A row in memory.</summary>
    internal readonly struct Row(float* row) : ISource
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector At<TVector, TExtent>(int index, TExtent extent)
            where TVector : struct, ISimdVector<TVector>
            where TExtent : struct, IVectorExtent => extent.Load<TVector>(row + index);
    }

    /// <summary>The sum of two rows, which is written to a third one on the way.</summary>
    internal readonly struct AddedRows(float* one, float* other, float* sum) : ISource
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector At<TVector, TExtent>(int index, TExtent extent)
            where TVector : struct, ISimdVector<TVector>
            where TExtent : struct, IVectorExtent
        {
            var added = extent.Load<TVector>(one + index) + extent.Load<TVector>(other + index);
            extent.Store(added, sum + index);
            return added;
        }
    }

    /// <summary>The sum of a row and a multiple of another one, which is written to a third one on the way.</summary>
    internal readonly struct ScaledRows(float* one, float* other, float factor, float* sum) : ISource
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector At<TVector, TExtent>(int index, TExtent extent)
            where TVector : struct, ISimdVector<TVector>
            where TExtent : struct, IVectorExtent
        {
            var added = TVector.MultiplyAdd(extent.Load<TVector>(other + index), TVector.Broadcast(factor), extent.Load<TVector>(one + index));
            extent.Store(added, sum + index);
            return added;
        }
    }
}

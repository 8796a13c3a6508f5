using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Rows;

/// <summary>Sums along a row: in float32 inside of a block, in float64 over the blocks, so that the error does not grow with the row's length.</summary>
internal static unsafe class RowSums
{
    /// <summary>Elements in a block. Each lane of four vectors of partial sums adds 64 of them up, at every width.</summary>
    internal static int Block<TVector>()
        where TVector : struct, ISimdVector<TVector> => 4 * 64 * TVector.Count;

    /// <summary>What is summed for an element.</summary>
    internal interface ITerm
    {
        TVector Add<TVector>(TVector sum, TVector x)
            where TVector : struct, ISimdVector<TVector>;
    }

    /// <summary>Where the elements come from.</summary>
    internal interface ISource
    {
        TVector At<TVector, TReach>(int index, int count)
            where TVector : struct, ISimdVector<TVector>
            where TReach : struct, IReach;
    }

    internal static double Of<TVector, TSource, TTerm>(TSource source, TTerm term, int features)
        where TVector : struct, ISimdVector<TVector>
        where TSource : struct, ISource
        where TTerm : struct, ITerm
    {
        var block = Block<TVector>();
        if (features <= block)
        {
            return OfBlock<TVector, TSource, TTerm>(source, term, 0, features);
        }

        var sum = 0.0;
        for (var start = 0; start < features; start += block)
        {
            sum += OfBlock<TVector, TSource, TTerm>(source, term, start, Math.Min(features, start + block));
        }

        return sum;
    }

    /// <summary>Four sums side by side: one would wait for itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float OfBlock<TVector, TSource, TTerm>(TSource source, TTerm term, int start, int end)
        where TVector : struct, ISimdVector<TVector>
        where TSource : struct, ISource
        where TTerm : struct, ITerm
    {
        var (first, second, third, fourth) = (TVector.Broadcast(0), TVector.Broadcast(0), TVector.Broadcast(0), TVector.Broadcast(0));
        var index = start;
        for (; index <= end - (4 * TVector.Count); index += 4 * TVector.Count)
        {
            first = term.Add(first, source.At<TVector, Whole>(index, TVector.Count));
            second = term.Add(second, source.At<TVector, Whole>(index + TVector.Count, TVector.Count));
            third = term.Add(third, source.At<TVector, Whole>(index + (2 * TVector.Count), TVector.Count));
            fourth = term.Add(fourth, source.At<TVector, Whole>(index + (3 * TVector.Count), TVector.Count));
        }

        for (; index <= end - TVector.Count; index += TVector.Count)
        {
            first = term.Add(first, source.At<TVector, Whole>(index, TVector.Count));
        }

        if (index < end)
        {
            var isInside = TVector.LessThanBits(TVector.Indices, TVector.BroadcastBits((uint)(end - index)));
            second = TVector.ConditionalSelect(isInside, term.Add(second, source.At<TVector, Part>(index, end - index)), second);
        }

        return ((first + second) + (third + fourth)).Sum();
    }

    /// <summary>x</summary>
    internal readonly struct Values : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Add<TVector>(TVector sum, TVector x)
            where TVector : struct, ISimdVector<TVector> => sum + x;
    }

    /// <summary>(x − center)²</summary>
    internal readonly struct Squares(float center) : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Add<TVector>(TVector sum, TVector x)
            where TVector : struct, ISimdVector<TVector>
        {
            var distance = x - TVector.Broadcast(center);
            return TVector.MultiplyAdd(distance, distance, sum);
        }
    }

    /// <summary>A row in memory.</summary>
    internal readonly struct Row(float* row) : ISource
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector At<TVector, TReach>(int index, int count)
            where TVector : struct, ISimdVector<TVector>
            where TReach : struct, IReach => TReach.Load<TVector>(row + index, count);
    }

    /// <summary>The sum of two rows, which is written to a third one on the way.</summary>
    internal readonly struct AddedRows(float* one, float* other, float* sum) : ISource
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector At<TVector, TReach>(int index, int count)
            where TVector : struct, ISimdVector<TVector>
            where TReach : struct, IReach
        {
            var added = TReach.Load<TVector>(one + index, count) + TReach.Load<TVector>(other + index, count);
            TReach.Store(added, sum + index, count);
            return added;
        }
    }
}

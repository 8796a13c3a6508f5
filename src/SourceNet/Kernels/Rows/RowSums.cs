using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Rows;

/// <summary>Sums along a row: in float32 inside of a block, in float64 over the blocks, so that the error does not grow with the row's length.</summary>
internal static unsafe class RowSums
{
    /// <summary>Elements in a block. Four vectors of partial sums take 64 of them each at the widest lanes.</summary>
    internal const int Block = 4096;

    /// <summary>What is summed for an element.</summary>
    internal interface ITerm
    {
        TLanes Add<TLanes>(TLanes sum, TLanes x)
            where TLanes : struct, ILanes<TLanes>;
    }

    /// <summary>Where the elements come from.</summary>
    internal interface ISource
    {
        TLanes At<TLanes, TReach>(int index, int count)
            where TLanes : struct, ILanes<TLanes>
            where TReach : struct, IReach;
    }

    internal static double Of<TLanes, TSource, TTerm>(TSource source, TTerm term, int features)
        where TLanes : struct, ILanes<TLanes>
        where TSource : struct, ISource
        where TTerm : struct, ITerm
    {
        if (features <= Block)
        {
            return OfBlock<TLanes, TSource, TTerm>(source, term, 0, features);
        }

        var sum = 0.0;
        for (var start = 0; start < features; start += Block)
        {
            sum += OfBlock<TLanes, TSource, TTerm>(source, term, start, Math.Min(features, start + Block));
        }

        return sum;
    }

    /// <summary>Four sums side by side: one would wait for itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float OfBlock<TLanes, TSource, TTerm>(TSource source, TTerm term, int start, int end)
        where TLanes : struct, ILanes<TLanes>
        where TSource : struct, ISource
        where TTerm : struct, ITerm
    {
        var (first, second, third, fourth) = (TLanes.All(0), TLanes.All(0), TLanes.All(0), TLanes.All(0));
        var index = start;
        for (; index <= end - (4 * TLanes.Count); index += 4 * TLanes.Count)
        {
            first = term.Add(first, source.At<TLanes, Whole>(index, TLanes.Count));
            second = term.Add(second, source.At<TLanes, Whole>(index + TLanes.Count, TLanes.Count));
            third = term.Add(third, source.At<TLanes, Whole>(index + (2 * TLanes.Count), TLanes.Count));
            fourth = term.Add(fourth, source.At<TLanes, Whole>(index + (3 * TLanes.Count), TLanes.Count));
        }

        for (; index <= end - TLanes.Count; index += TLanes.Count)
        {
            first = term.Add(first, source.At<TLanes, Whole>(index, TLanes.Count));
        }

        if (index < end)
        {
            var isInside = TLanes.LessBits(TLanes.CountingBits, TLanes.AllBits((uint)(end - index)));
            second = TLanes.Select(isInside, term.Add(second, source.At<TLanes, Part>(index, end - index)), second);
        }

        return ((first + second) + (third + fourth)).Sum();
    }

    /// <summary>x</summary>
    internal readonly struct Values : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Add<TLanes>(TLanes sum, TLanes x)
            where TLanes : struct, ILanes<TLanes> => sum + x;
    }

    /// <summary>(x − center)²</summary>
    internal readonly struct Squares(float center) : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Add<TLanes>(TLanes sum, TLanes x)
            where TLanes : struct, ILanes<TLanes>
        {
            var distance = x - TLanes.All(center);
            return TLanes.MultiplyAdd(distance, distance, sum);
        }
    }

    /// <summary>A row in memory.</summary>
    internal readonly struct Row(float* row) : ISource
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes At<TLanes, TReach>(int index, int count)
            where TLanes : struct, ILanes<TLanes>
            where TReach : struct, IReach => TReach.Load<TLanes>(row + index, count);
    }

    /// <summary>The sum of two rows, which is written to a third one on the way.</summary>
    internal readonly struct AddedRows(float* one, float* other, float* sum) : ISource
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes At<TLanes, TReach>(int index, int count)
            where TLanes : struct, ILanes<TLanes>
            where TReach : struct, IReach
        {
            var added = TReach.Load<TLanes>(one + index, count) + TReach.Load<TLanes>(other + index, count);
            TReach.Store(added, sum + index, count);
            return added;
        }
    }
}

using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>Sums down columns: samples in blocks and blocks in a second sum, so that many samples lose no more than few.</summary>
internal static unsafe class ColumnSums
{
    /// <summary>The most columns of a chunk, a multiple of every vector's width.</summary>
    internal const int MostColumns = 256;

    internal const int Block = 128;

    /// <summary>Σx of columns or, where means are given, Σ(x − mean)².</summary>
    /// <param name="place">Where x is.</param>
    /// <param name="first">The first column.</param>
    /// <param name="count">How many, at most <see cref="MostColumns"/>.</param>
    /// <param name="sums">Room for <see cref="MostColumns"/>.</param>
    /// <param name="means">Of each column; null for none.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Add<TLanes>(BatchPlace place, int first, int count, float* sums, float* means)
        where TLanes : struct, ILanes<TLanes>
    {
        var recent = stackalloc float[MostColumns];
        new Span<float>(sums, MostColumns).Clear();
        for (var start = 0; start < place.Samples; start += Block)
        {
            new Span<float>(recent, MostColumns).Clear();
            var end = Math.Min(place.Samples, start + Block);
            for (var sample = start; sample < end; sample++)
            {
                var x = place.Input + ((long)sample * place.Channels) + first;
                for (var i = 0; i < count; i += TLanes.Count)
                {
                    var lanes = Math.Min(TLanes.Count, count - i);
                    var value = LanesMemory.Load<TLanes>(x + i, lanes);
                    if (means is null)
                    {
                        (TLanes.Load(recent + i) + value).Store(recent + i);
                    }
                    else
                    {
                        var distance = value - LanesMemory.Load<TLanes>(means + i, lanes);
                        TLanes.MultiplyAdd(distance, distance, TLanes.Load(recent + i)).Store(recent + i);
                    }
                }
            }

            Flush<TLanes>(sums, recent, count);
        }
    }

    /// <summary>Adds the sums of a block to the whole.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Flush<TLanes>(float* sums, float* recent, int count)
        where TLanes : struct, ILanes<TLanes>
    {
        for (var i = 0; i < count; i += TLanes.Count)
        {
            (TLanes.Load(sums + i) + TLanes.Load(recent + i)).Store(sums + i);
        }
    }
}

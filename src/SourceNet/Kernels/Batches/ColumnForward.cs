using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SourceNet.Activations;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Threads;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>Batch norm, activation and dropout of features, <c>[Samples, Channels]</c>: some columns of all rows at a time.</summary>
/// <param name="place">Mean and inverse are written if statistics are those of the batch, else read.</param>
/// <param name="activation">The activation.</param>
/// <param name="usesBatch">Whether statistics are those of the batch.</param>
internal readonly unsafe struct ColumnForward<TActivation, TMasking>(BatchPlace place, TActivation activation, bool usesBatch) : IChunkWork
    where TActivation : unmanaged, IActivation
    where TMasking : unmanaged, IMasking
{
    private readonly BatchPlace place = place;
    private readonly TActivation activation = activation;
    private readonly bool usesBatch = usesBatch;

    public void Run(int chunk)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Run<Lanes512>(chunk);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Run<Lanes256>(chunk);
        }
        else
        {
            Run<Lanes128>(chunk);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Run<TLanes>(int chunk)
        where TLanes : struct, ILanes<TLanes>
    {
        // Copies: what is read through the struct would be read again after each store.
        var place = this.place;
        var activation = this.activation;
        var first = chunk * place.ChannelsPerChunk;
        var count = Math.Min(place.Channels - first, place.ChannelsPerChunk);
        var scales = stackalloc float[ColumnSums.MostColumns];
        if (usesBatch)
        {
            Statistics<TLanes>(place, first, count, scales);
        }

        for (var i = 0; i < count; i++)
        {
            scales[i] = place.Inverse[first + i] * place.Weight[first + i];
        }

        for (var sample = 0; sample < place.Samples; sample++)
        {
            var offset = ((long)sample * place.Channels) + first;
            for (var i = 0; i < count; i += TLanes.Count)
            {
                var lanes = Math.Min(TLanes.Count, count - i);
                var value = BatchMath.Value(
                    activation,
                    LanesMemory.Load<TLanes>(place.Input + offset + i, lanes),
                    LanesMemory.Load<TLanes>(place.Mean + first + i, lanes),
                    TLanes.Load(scales + i),
                    LanesMemory.Load<TLanes>(place.Bias + first + i, lanes));
                if (TMasking.Drops)
                {
                    value *= BatchMath.Factor<TMasking, TLanes>(place.Mask, (uint)(offset + i));
                }

                value.StoreLanes(place.Output + offset + i, lanes);
            }
        }
    }

    /// <summary>The mean first, then the squares of what is left, so that a large mean takes no precision from the variance.</summary>
    private static void Statistics<TLanes>(in BatchPlace place, int first, int count, float* sums)
        where TLanes : struct, ILanes<TLanes>
    {
        ColumnSums.Add<TLanes>(place, first, count, sums, null);
        for (var i = 0; i < count; i++)
        {
            place.Mean[first + i] = sums[i] / place.Samples;
        }

        ColumnSums.Add<TLanes>(place, first, count, sums, place.Mean + first);
        for (var i = 0; i < count; i++)
        {
            place.Inverse[first + i] = (float)(1 / Math.Sqrt(((double)sums[i] / place.Samples) + place.Eps));
        }
    }
}

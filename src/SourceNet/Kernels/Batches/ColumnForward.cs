using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SourceNet.Activations;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Threads;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>Batch norm, activation and dropout of features, <c>[Samples, Channels]</c>: as many columns side by side as a vector has lanes.</summary>
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

    private void Run<TLanes>(int chunk)
        where TLanes : struct, ILanes<TLanes>
    {
        var first = chunk * place.ChannelsPerChunk;
        var end = Math.Min(place.Channels, first + place.ChannelsPerChunk);
        for (var channel = first; channel < end; channel += TLanes.Count)
        {
            Columns<TLanes>(channel, Math.Min(TLanes.Count, end - channel));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Columns<TLanes>(int channel, int lanes)
        where TLanes : struct, ILanes<TLanes>
    {
        if (usesBatch)
        {
            var mean = ColumnSums.Mean<TLanes>(place, channel, lanes);
            var variance = ColumnSums.SquaredDistances(place, channel, lanes, mean) / TLanes.All(place.Samples);
            mean.StoreLanes(place.Mean + channel, lanes);
            (TLanes.All(1f) / TLanes.Sqrt(variance + TLanes.All((float)place.Eps))).StoreLanes(place.Inverse + channel, lanes);
        }

        var means = LanesMemory.Load<TLanes>(place.Mean + channel, lanes);
        var scale = LanesMemory.Load<TLanes>(place.Inverse + channel, lanes) * LanesMemory.Load<TLanes>(place.Weight + channel, lanes);
        var bias = LanesMemory.Load<TLanes>(place.Bias + channel, lanes);
        for (var sample = 0; sample < place.Samples; sample++)
        {
            var offset = ((long)sample * place.Channels) + channel;
            var value = BatchMath.Value(activation, LanesMemory.Load<TLanes>(place.Input + offset, lanes), means, scale, bias);
            if (TMasking.Drops)
            {
                value *= BatchMath.Factor<TMasking, TLanes>(place.Mask, (uint)offset);
            }

            value.StoreLanes(place.Output + offset, lanes);
        }
    }
}

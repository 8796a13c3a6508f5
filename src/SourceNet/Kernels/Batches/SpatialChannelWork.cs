using SourceNet.CompilerServices.Activations;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>A pass over channels of planes. A chunk does all of it for some channels: what one step reads is still in the cache for the next.</summary>
internal readonly struct SpatialChannelWork<TActivation, TMask>(
    BatchNormArguments arguments, SpatialPartition partition, TActivation activation, TMask mask, BatchSteps steps) : ISimdWork
    where TActivation : unmanaged, IActivation
    where TMask : unmanaged, IMask
{
    public void Run<TVector>(int chunk)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        var end = Math.Min(arguments.Channels, (chunk + 1) * partition.ChannelsInChunk);
        var tile = partition.Tile(0);
        for (var channel = chunk * partition.ChannelsInChunk; channel < end; channel++)
        {
            if (steps.HasFlag(BatchSteps.Statistics))
            {
                ChannelStatistics.FromBatch(arguments, channel, SpatialStatistics.Of<TVector>(arguments, channel, tile));
            }

            if (steps.HasFlag(BatchSteps.Apply))
            {
                SpatialLoops<TActivation, TMask, TVector>.Apply(arguments, activation, mask, channel, tile);
            }

            if (steps.HasFlag(BatchSteps.Sums))
            {
                ChannelStatistics.FromSums(arguments, channel, SpatialLoops<TActivation, TMask, TVector>.Sums(arguments, activation, mask, channel, tile));
            }

            if (steps.HasFlag(BatchSteps.Gradient))
            {
                SpatialLoops<TActivation, TMask, TVector>.Gradient(arguments, activation, mask, channel, tile);
            }
        }
    }
}

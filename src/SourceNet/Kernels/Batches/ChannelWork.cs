using SourceNet.Activations;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>A pass over planes. A chunk does all of it for some channels: what one step reads is still in the cache for the next.</summary>
internal readonly struct ChannelWork<TActivation, TMask>(BatchPlace place, PlaneCut cut, TActivation activation, TMask mask, BatchSteps steps) : ISimdWork
    where TActivation : unmanaged, IActivation
    where TMask : unmanaged, IDropMask
{
    public void Run<TVector>(int chunk)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        var end = Math.Min(place.Channels, (chunk + 1) * cut.ChannelsInChunk);
        var piece = cut.Piece(0);
        for (var channel = chunk * cut.ChannelsInChunk; channel < end; channel++)
        {
            if (steps.HasFlag(BatchSteps.Statistics))
            {
                BatchNumbers.FromBatch(place, channel, PlaneStatistics.Of<TVector>(place, channel, piece));
            }

            if (steps.HasFlag(BatchSteps.Apply))
            {
                PlaneLoops<TActivation, TMask, TVector>.Apply(place, activation, mask, channel, piece);
            }

            if (steps.HasFlag(BatchSteps.Sums))
            {
                var (sum, product) = PlaneLoops<TActivation, TMask, TVector>.Sums(place, activation, mask, channel, piece);
                BatchNumbers.FromSums(place, channel, sum, product);
            }

            if (steps.HasFlag(BatchSteps.Gradient))
            {
                PlaneLoops<TActivation, TMask, TVector>.Gradient(place, activation, mask, channel, piece);
            }
        }
    }
}

using SourceNet.CompilerServices.Activations;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>One step of a pass over channels of planes. A chunk is a tile of a channel.</summary>
/// <param name="arguments">Where everything is.</param>
/// <param name="partition">What the tiles are.</param>
/// <param name="activation">The activation.</param>
/// <param name="mask">The mask.</param>
/// <param name="step">Which step.</param>
/// <param name="results">Receives what each tile contributes to its channel.</param>
internal readonly unsafe struct SpatialTileWork<TActivation, TMask>(
    BatchNormArguments arguments, SpatialPartition partition, TActivation activation, TMask mask, BatchSteps step, SpatialTileResult* results) : ISimdWork
    where TActivation : unmanaged, IActivation
    where TMask : unmanaged, IMask
{
    public void Run<TVector>(int chunk)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        var channel = chunk / partition.Tiles;
        var tile = partition.Tile(chunk % partition.Tiles);
        if (tile.Count == 0)
        {
            return;
        }

        switch (step)
        {
            case BatchSteps.Statistics:
                results[chunk].Moments = SpatialStatistics.Of<TVector>(arguments, channel, tile);
                break;
            case BatchSteps.Apply:
                SpatialLoops<TActivation, TMask, TVector>.Apply(arguments, activation, mask, channel, tile);
                break;
            case BatchSteps.Sums:
                results[chunk].Sums = SpatialLoops<TActivation, TMask, TVector>.Sums(arguments, activation, mask, channel, tile);
                break;
            case BatchSteps.Gradient:
                SpatialLoops<TActivation, TMask, TVector>.Gradient(arguments, activation, mask, channel, tile);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(chunk), step, "A tile takes one step at a time.");
        }
    }
}

/// <summary>What a tile contributes to the statistics of its channel, and to its gradients.</summary>
internal struct SpatialTileResult
{
    internal Moments Moments;
    internal GradientSums Sums;
}

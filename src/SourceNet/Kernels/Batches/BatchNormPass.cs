using SourceNet.CompilerServices.Activations;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>Runs the steps of a forward or a backward pass over all channels.</summary>
internal static unsafe class BatchNormPass
{
    internal static void Run<TActivation, TMask>(in BatchNormArguments arguments, TActivation activation, TMask mask, BatchSteps steps)
        where TActivation : unmanaged, IActivation
        where TMask : unmanaged, IMask
    {
        arguments.Check(steps);
        if (arguments.Size == 1)
        {
            var features = new FeaturePartition(arguments);
            SimdWidth.Run(new FeatureWork<TActivation, TMask>(arguments, features, activation, mask, steps), features.Chunks);
            return;
        }

        var partition = new SpatialPartition(arguments);
        if (partition.IsWhole)
        {
            SimdWidth.Run(new SpatialChannelWork<TActivation, TMask>(arguments, partition, activation, mask, steps), partition.WholeChunks);
            return;
        }

        var ofTiles = new SpatialTileResult[partition.TileChunks];
        fixed (SpatialTileResult* results = ofTiles)
        {
            foreach (var step in (ReadOnlySpan<BatchSteps>)[BatchSteps.Statistics, BatchSteps.Apply, BatchSteps.Sums, BatchSteps.Gradient])
            {
                if ((steps & step) != 0)
                {
                    SimdWidth.Run(new SpatialTileWork<TActivation, TMask>(arguments, partition, activation, mask, step, results), partition.TileChunks);
                    Conclude(arguments, step, ofTiles, partition.Tiles);
                }
            }
        }
    }

    /// <summary>Takes the tiles of each channel together.</summary>
    private static void Conclude(in BatchNormArguments arguments, BatchSteps step, SpatialTileResult[] results, int tiles)
    {
        for (var channel = 0; channel < arguments.Channels; channel++)
        {
            var (moments, sums) = (default(Moments), default(GradientSums));
            foreach (ref readonly var tile in results.AsSpan(channel * tiles, tiles))
            {
                moments.Add(tile.Moments);
                sums.Add(tile.Sums);
            }

            if (step == BatchSteps.Statistics)
            {
                ChannelStatistics.FromBatch(arguments, channel, moments);
            }
            else if (step == BatchSteps.Sums)
            {
                ChannelStatistics.FromSums(arguments, channel, sums);
            }
        }
    }
}

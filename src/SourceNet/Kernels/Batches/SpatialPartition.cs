using SourceNet.Kernels.Threads;

namespace SourceNet.Kernels.Batches;

/// <summary>
/// How planes are divided between threads. A channel that a core's cache holds is one tile: the pass that reads it for its statistics leaves it there for the
/// pass that writes. Larger channels, and too few of
/// them, are cut into tiles, and everybody waits for the statistics in between.
/// </summary>
/// <remarks>By the shape alone: results do not depend on the number of threads.</remarks>
internal readonly struct SpatialPartition
{
    /// <summary>A channel of this many elements stays in the cache of a core, 1 MB here, beside what else is used.</summary>
    private const long CachedChannel = 1 << 18;

    private const long FewestChannels = 8;

    private readonly long samplesInTile;
    private readonly long partsOfPlane;
    private readonly long partSize;

    internal SpatialPartition(in BatchNormArguments arguments)
    {
        Channels = arguments.Channels;
        Samples = arguments.Samples;
        Size = arguments.Size;
        IsWhole = arguments.CountInChannel <= Grain.Light || (arguments.CountInChannel <= CachedChannel && arguments.Channels >= FewestChannels);
        partsOfPlane = IsWhole ? 1 : (arguments.Size + Grain.Light - 1) / Grain.Light;
        // Parts start at a multiple of the widest vector.
        partSize = partsOfPlane == 1 ? arguments.Size : ((arguments.Size / partsOfPlane) + 15) & ~15L;
        samplesInTile = IsWhole ? arguments.Samples : Math.Max(1, Grain.Light / partSize);
        Tiles = (int)((arguments.Samples + samplesInTile - 1) / samplesInTile * partsOfPlane);
        ChannelsInChunk = Math.Max(1, Grain.Light / arguments.CountInChannel);
    }

    /// <summary>Whether each channel is one tile.</summary>
    internal bool IsWhole { get; }

    /// <summary>How many tiles a channel has.</summary>
    internal int Tiles { get; }

    /// <summary>How many channels of one tile a chunk takes.</summary>
    internal long ChannelsInChunk { get; }

    internal int WholeChunks => (int)((Channels + ChannelsInChunk - 1) / ChannelsInChunk);

    internal int TileChunks => (int)(Channels * Tiles);

    private long Channels { get; }

    private long Samples { get; }

    private long Size { get; }

    internal SpatialTile Tile(int index)
    {
        var sample = index / partsOfPlane * samplesInTile;
        var offset = index % partsOfPlane * partSize;
        return new(sample, Math.Min(samplesInTile, Samples - sample), offset, Math.Max(0, Math.Min(partSize, Size - offset)));
    }
}

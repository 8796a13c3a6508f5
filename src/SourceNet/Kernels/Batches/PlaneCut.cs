namespace SourceNet.Kernels.Batches;

/// <summary>
/// How planes are cut for threads. A channel that a core's cache holds is one piece: the pass that reads it for its statistics leaves it there for the pass that writes. Larger channels, and too few of
/// them, are cut into pieces, and everybody waits for the statistics in between.
/// </summary>
/// <remarks>By the shape alone: results do not depend on the number of threads.</remarks>
internal readonly struct PlaneCut
{
    /// <summary>A channel of this many elements stays in the cache of a core, 1 MB here, beside what else is used.</summary>
    private const long CachedChannel = 1 << 18;

    /// <summary>About how many elements a piece or a chunk has.</summary>
    private const long Grain = 1 << 15;

    private const long FewestChannels = 8;

    private readonly long samplesInPiece;
    private readonly long partsOfPlane;
    private readonly long partSize;

    internal PlaneCut(in BatchPlace place)
    {
        Channels = place.Channels;
        Samples = place.Samples;
        Size = place.Size;
        IsWhole = place.CountInChannel <= Grain || (place.CountInChannel <= CachedChannel && place.Channels >= FewestChannels);
        partsOfPlane = IsWhole ? 1 : (place.Size + Grain - 1) / Grain;
        // Parts start at a multiple of the widest vector.
        partSize = partsOfPlane == 1 ? place.Size : ((place.Size / partsOfPlane) + 15) & ~15L;
        samplesInPiece = IsWhole ? place.Samples : Math.Max(1, Grain / partSize);
        Pieces = (int)((place.Samples + samplesInPiece - 1) / samplesInPiece * partsOfPlane);
        ChannelsInChunk = Math.Max(1, Grain / place.CountInChannel);
    }

    /// <summary>Whether each channel is one piece.</summary>
    internal bool IsWhole { get; }

    /// <summary>How many pieces a channel has.</summary>
    internal int Pieces { get; }

    /// <summary>How many channels of one piece a chunk takes.</summary>
    internal long ChannelsInChunk { get; }

    internal int WholeChunks => (int)((Channels + ChannelsInChunk - 1) / ChannelsInChunk);

    internal int PieceChunks => (int)(Channels * Pieces);

    private long Channels { get; }

    private long Samples { get; }

    private long Size { get; }

    internal PlanePiece Piece(int index)
    {
        var sample = index / partsOfPlane * samplesInPiece;
        var offset = index % partsOfPlane * partSize;
        return new(sample, Math.Min(samplesInPiece, Samples - sample), offset, Math.Max(0, Math.Min(partSize, Size - offset)));
    }
}

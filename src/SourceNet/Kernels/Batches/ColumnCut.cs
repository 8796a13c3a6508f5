namespace SourceNet.Kernels.Batches;

/// <summary>How plain features <c>[N, C]</c> are cut for threads: into some neighboring columns each, few enough for the cache of a core to hold them from one pass over the rows to the next.</summary>
/// <remarks>By the shape alone: results do not depend on the number of threads.</remarks>
internal readonly struct ColumnCut
{
    internal const int Widest = 512;

    /// <summary>How many rows a loop takes at once: what belongs to a column stays in a register for them, and their lines in the first-level cache.</summary>
    internal const long Tile = 8;

    private const int Narrowest = 16;

    private const int FewestChunks = 4;

    private const long CachedElements = 1 << 18;

    private readonly long channels;

    internal ColumnCut(in BatchPlace place)
    {
        channels = place.Channels;
        var fit = Math.Min(CachedElements / place.Samples, (channels + FewestChunks - 1) / FewestChunks);
        Width = (int)Math.Clamp((fit + Narrowest - 1) / Narrowest * Narrowest, Narrowest, Widest);
    }

    /// <summary>How many columns a chunk has, a multiple of the widest vector.</summary>
    internal int Width { get; }

    internal int Chunks => (int)((channels + Width - 1) / Width);

    /// <summary>How many columns this chunk has.</summary>
    internal int WidthOf(int chunk) => (int)Math.Min(Width, channels - ((long)chunk * Width));
}

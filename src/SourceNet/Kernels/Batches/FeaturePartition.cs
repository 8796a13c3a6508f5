namespace SourceNet.Kernels.Batches;

/// <summary>
/// How plain features <c>[N, C]</c> are divided between threads: some neighboring features each, few enough for the cache of a core to hold them from one pass
/// over the rows to the next.
/// </summary>
/// <remarks>By the shape alone: results do not depend on the number of threads.</remarks>
internal readonly struct FeaturePartition
{
    /// <summary>The largest <see cref="Width"/>: loops have sums of as many features on the stack.</summary>
    internal const int Widest = 512;

    /// <summary>How many rows a loop takes at once: what belongs to a feature stays in a register for them, and their lines in the first-level cache.</summary>
    internal const long TileHeight = 8;

    private const int Narrowest = 16;

    private const int FewestChunks = 4;

    private const long CachedElements = 1 << 18;

    private readonly long channels;

    internal FeaturePartition(in BatchNormArguments arguments)
    {
        channels = arguments.Channels;
        var fit = Math.Min(CachedElements / arguments.Samples, (channels + FewestChunks - 1) / FewestChunks);
        Width = (int)Math.Clamp((fit + Narrowest - 1) / Narrowest * Narrowest, Narrowest, Widest);
    }

    /// <summary>How many features a chunk has, a multiple of the widest vector.</summary>
    internal int Width { get; }

    internal int Chunks => (int)((channels + Width - 1) / Width);

    /// <summary>How many features this chunk has.</summary>
    internal int WidthOf(int chunk) => (int)Math.Min(Width, channels - ((long)chunk * Width));
}

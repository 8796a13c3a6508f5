namespace SourceNet.Kernels.Threads;

/// <summary>
/// How many elements a chunk has, by the work that an element is: some microseconds of it, against which taking a chunk counts for nothing. Chunks depend on
/// sizes alone, so that results do not depend
/// on the number of threads.
/// </summary>
internal static class Grain
{
    /// <summary>Elements that are exponentiated, read a second time and summed: cross-entropy.</summary>
    internal const int Heavy = 1 << 13;

    /// <summary>Elements that an activation is applied to, or that are normalized.</summary>
    internal const int Medium = 1 << 14;

    /// <summary>Elements that memory is the limit for: optimizer steps, masks, sums. A multiple of every vector's width.</summary>
    internal const int Light = 1 << 15;

    /// <summary>How many chunks of a grain there are.</summary>
    internal static int Chunks(long count, int grain) => (int)((count + grain - 1) / grain);
}

using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>Adds lanes up in double precision.</summary>
internal static unsafe class LaneSums
{
    internal static double Of<TLanes>(TLanes first, TLanes second)
        where TLanes : struct, ILanes<TLanes>
    {
        const int Widest = 16;
        var lanes = stackalloc float[2 * Widest];
        first.Store(lanes);
        second.Store(lanes + TLanes.Count);
        var (even, odd) = (0.0, 0.0);
        for (var index = 0; index < 2 * TLanes.Count; index += 2)
        {
            even += lanes[index];
            odd += lanes[index + 1];
        }

        return even + odd;
    }
}

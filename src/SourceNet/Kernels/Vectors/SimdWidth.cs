using System.Runtime.Intrinsics;
using SourceNet.Kernels.Threads;

namespace SourceNet.Kernels.Vectors;

/// <summary>How many floats the vectors of a kernel hold. Nothing else asks the machine: what is tested at each width here is all there is.</summary>
internal static class SimdWidth
{
    [ThreadStatic]
    private static int t_limit;

    /// <summary>Of the kernels that this thread starts: those that the machine is fastest with, 16, 8 or 4.</summary>
    internal static int Count => t_limit != 0 ? t_limit : Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4;

    /// <summary>Gives the kernels that this thread starts another width, so that one machine can test them all; 0 for its own choice.</summary>
    internal static void Limit(int count) => t_limit = count;

    /// <summary>Runs work in chunks, on as many threads as <see cref="ChunkLoop"/> says, with vectors of the width that the calling thread has.</summary>
    internal static void Run<TWork>(TWork work, int chunks)
        where TWork : unmanaged, ISimdWork
    {
        switch (Count)
        {
            case 16:
                ChunkLoop.Run(new OfWidth<TWork, SimdVector512>(work), chunks);
                break;
            case 8:
                ChunkLoop.Run(new OfWidth<TWork, SimdVector256>(work), chunks);
                break;
            case 4:
                ChunkLoop.Run(new OfWidth<TWork, SimdVector128>(work), chunks);
                break;
            default:
                throw new InvalidOperationException($"Vectors hold 4, 8 or 16 floats, and not {Count}.");
        }
    }

    private struct OfWidth<TWork, TVector>(TWork work) : IChunkWork
        where TWork : unmanaged, ISimdWork
        where TVector : unmanaged, ISimdVector<TVector>
    {
        private TWork work = work;

        public void Run(int chunk) => work.Run<TVector>(chunk);
    }
}

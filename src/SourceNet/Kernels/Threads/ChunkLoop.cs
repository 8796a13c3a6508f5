using TorchSharp;

namespace SourceNet.Kernels.Threads;

/// <summary>
/// Runs work in chunks on as many threads as <c>torch.get_num_threads()</c> says. The first exception of a chunk is thrown here, when all threads have stopped.
/// </summary>
/// <remarks>Any managed thread may call, also while others do: each has a team of its own, as libtorch's operators have.</remarks>
internal static unsafe class ChunkLoop
{
    /// <summary>Below this many chunks the thread pool of .NET, which takes 10 µs and more to start, is slower than one thread.</summary>
    private const int ThreadPoolGrain = 16;

    internal static void Run<TWork>(TWork work, int chunks)
        where TWork : unmanaged, IChunkWork
    {
        var threads = chunks > 1 ? torch.get_num_threads() : 1;
        if (threads > 1 && OpenMpThreads.AreAvailable)
        {
            var job = ChunkJob.Of(&work, chunks);
            OpenMpThreads.Run(&job, threads);
            ChunkJob.Complete(&job);
        }
        else if (threads > 1 && chunks >= ThreadPoolGrain)
        {
            RunOnThreadPool(work, chunks, threads);
        }
        else
        {
            RunHere(work, chunks);
        }
    }

    /// <summary>For libraries without GNU's OpenMP.</summary>
    internal static void RunOnThreadPool<TWork>(TWork work, int chunks, int threads)
        where TWork : unmanaged, IChunkWork
    {
        var job = ChunkJob.Of(&work, chunks);
        var address = (nint)(&job);
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ => ChunkJob.Participate((ChunkJob*)address));
        ChunkJob.Complete(&job);
    }

    private static void RunHere<TWork>(TWork work, int chunks)
        where TWork : unmanaged, IChunkWork
    {
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            work.Run(chunk);
        }
    }
}

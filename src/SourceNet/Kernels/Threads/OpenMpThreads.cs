using System.Runtime.InteropServices;
using SourceNet.Kernels.Native;

namespace SourceNet.Kernels.Threads;

/// <summary>
/// The threads that libtorch itself computes on: those of the OpenMP library that it was linked with. They are awake right after an operator of libtorch, when
/// threads of our own would still have to be
/// woken (0.6 µs against 7 and more), and two pools that wait actively would take the cores from each other.
/// </summary>
internal static unsafe class OpenMpThreads
{
    /// <summary>
    /// GNU's entry point for a parallel region: function, its argument, threads, flags. It returns when all threads have returned from the function.
    /// </summary>
    private static readonly delegate* unmanaged<delegate* unmanaged<ChunkJob*, void>, ChunkJob*, uint, uint, void> s_parallel =
        OperatingSystem.IsLinux()
            ? (delegate* unmanaged<delegate* unmanaged<ChunkJob*, void>, ChunkJob*, uint, uint, void>)LibTorchSharp.Find("GOMP_parallel")
            : null;

    /// <summary>Not on Windows and macOS, whose libtorch is linked with another OpenMP.</summary>
    internal static bool AreAvailable => s_parallel is not null;

    /// <summary>Runs a job on a team. Inside of another parallel region the team is the calling thread alone.</summary>
    /// <param name="job">Stays where it is until the call returns.</param>
    /// <param name="threads">As many as libtorch's own operators use: GNU's library ends the threads that a smaller team leaves over, and makes new ones for
    /// the next large one.</param>
    internal static void Run(ChunkJob* job, int threads) => s_parallel(&Participate, job, (uint)threads, 0);

    [UnmanagedCallersOnly]
    private static void Participate(ChunkJob* job) => ChunkJob.Participate(job);
}

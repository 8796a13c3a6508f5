using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace SourceNet.Kernels.Threads;

/// <summary>
/// One run over chunks, shared by the threads that take part. Each takes the next chunk until none is left, so that a thread that is held up holds up only its
/// own chunk.
/// </summary>
/// <remarks>The counter has a cache line of its own: every thread writes it while all read the other fields.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal unsafe struct ChunkJob
{
    [FieldOffset(0)]
    private void* work;

    [FieldOffset(8)]
    private delegate*<ChunkJob*, void> drain;

    [FieldOffset(16)]
    private nint failure;

    [FieldOffset(24)]
    private int chunks;

    [FieldOffset(128)]
    private int next;

    /// <param name="work">Stays where it is until the run is over.</param>
    /// <param name="chunks">How many there are.</param>
    internal static ChunkJob Of<TWork>(TWork* work, int chunks)
        where TWork : unmanaged, IChunkWork =>
        new() { work = work, drain = &Drain<TWork>, chunks = chunks };

    /// <summary>
    /// Takes chunks until none is left. Never throws: an exception that reached a native thread would end the process. It is kept, and no further chunk is
    /// taken.
    /// </summary>
    internal static void Participate(ChunkJob* job)
    {
        try
        {
            job->drain(job);
        }
        catch (Exception exception)
        {
            var kept = GCHandle.ToIntPtr(GCHandle.Alloc(exception));
            if (Interlocked.CompareExchange(ref job->failure, kept, 0) != 0)
            {
                GCHandle.FromIntPtr(kept).Free();
            }

            Volatile.Write(ref job->next, int.MaxValue / 2);
        }
    }

    /// <summary>Throws what a chunk threw, with its stack trace. Called once, when all threads are done.</summary>
    internal static void Complete(ChunkJob* job)
    {
        if (job->failure == 0)
        {
            return;
        }

        var handle = GCHandle.FromIntPtr(job->failure);
        var exception = (Exception)handle.Target!;
        handle.Free();
        ExceptionDispatchInfo.Throw(exception);
    }

    private static void Drain<TWork>(ChunkJob* job)
        where TWork : unmanaged, IChunkWork
    {
        ref var work = ref Unsafe.AsRef<TWork>(job->work);
        int chunk;
        while ((chunk = Interlocked.Increment(ref job->next) - 1) < job->chunks)
        {
            work.Run(chunk);
        }
    }
}

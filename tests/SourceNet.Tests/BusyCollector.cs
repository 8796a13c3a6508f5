namespace SourceNet.Tests;

/// <summary>
/// A thread that collects garbage and runs finalizers until it is disposed: what nothing holds while a native call reads it is gone then, and what is not
/// pinned has moved.
/// A test beside it must itself hold every tensor that it calls something on, and every number that it passes: TorchSharp's operators do not.
/// </summary>
internal sealed class BusyCollector : IDisposable
{
    private readonly Thread thread;
    private volatile bool stops;
    private int collections;

    public BusyCollector()
    {
        thread = new(() =>
        {
            while (!stops)
            {
                // Most of them small: between two compactions of the whole heap, other threads would hardly run.
                var isWhole = Collections % 32 == 0;
                GC.Collect(isWhole ? 2 : 0, GCCollectionMode.Forced, blocking: true, compacting: isWhole);
                GC.WaitForPendingFinalizers();
                Interlocked.Increment(ref collections);
            }
        });
        thread.Start();
    }

    /// <summary>How many collections there were.</summary>
    public int Collections => Volatile.Read(ref collections);

    public void Dispose()
    {
        stops = true;
        thread.Join();
    }
}

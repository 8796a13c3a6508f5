namespace SourceNet.Benchmarks;

/// <summary>Two actions that do the same work. Both must be repeatable, and find the same state of caches when they take turns.</summary>
internal sealed class Contest(Action other, Action kernel, params IDisposable[] resources) : IDisposable
{
    internal Action Other { get; } = other;

    internal Action Kernel { get; } = kernel;

    public void Dispose()
    {
        foreach (var resource in resources)
        {
            resource.Dispose();
        }
    }
}

using SourceNet.Kernels.Threads;

namespace SourceNet.Tests.Kernels;

public sealed unsafe class ChunkLoopTests
{
    /// <summary>Counts the visits of each chunk and the threads that take part, and fails at one chunk if told so.</summary>
    private readonly struct Visits(int* counts, int* workers, int failing, int microseconds) : IChunkWork
    {
        public void Run(int chunk)
        {
            if (chunk == failing)
            {
                throw new InvalidDataException($"chunk {chunk}");
            }

            Interlocked.Increment(ref counts[chunk]);
            workers[chunk] = Environment.CurrentManagedThreadId;
            if (microseconds > 0)
            {
                var clock = System.Diagnostics.Stopwatch.StartNew();
                while (clock.Elapsed.TotalMicroseconds < microseconds)
                {
                    Thread.SpinWait(20);
                }
            }
        }
    }

    private readonly struct Nested(int* counts, int* workers, int inner) : IChunkWork
    {
        public void Run(int chunk) => ChunkLoop.Run(new Visits(counts + (chunk * inner), workers + (chunk * inner), -1, 0), inner);
    }

    private delegate void Loop(Visits work, int chunks);

    private static (int[] Counts, int[] Workers) Run(int chunks, int failing = -1, int microseconds = 0, Loop? loop = null)
    {
        var counts = new int[chunks];
        var workers = new int[chunks];
        fixed (int* first = counts, worker = workers)
        {
            var work = new Visits(first, worker, failing, microseconds);
            (loop ?? ((visits, count) => ChunkLoop.Run(visits, count)))(work, chunks);
        }

        return (counts, workers);
    }

    [Fact]
    public void Linux_has_libtorchs_own_threads() => Assert.Equal(OperatingSystem.IsLinux(), OpenMpThreads.AreAvailable);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Each_chunk_runs_once(int threads)
    {
        using var scope = new ThreadCount(threads);
        foreach (var chunks in new[] { 0, 1, 2, 3, 17, 1000 })
        {
            Assert.All(Run(chunks).Counts, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void Each_chunk_runs_once_on_the_thread_pool()
    {
        foreach (var chunks in new[] { 0, 1, 2, 17, 1000 })
        {
            Assert.All(Run(chunks, loop: (work, count) => ChunkLoop.RunOnThreadPool(work, count, 3)).Counts, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void Torchs_number_of_threads_is_respected()
    {
        using (new ThreadCount(1))
        {
            Assert.Equal([Environment.CurrentManagedThreadId], Run(50, microseconds: 20).Workers.Distinct());
        }

        using (new ThreadCount(3))
        {
            Assert.InRange(Run(300, microseconds: 100).Workers.Distinct().Count(), 2, 3);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void An_exception_of_a_chunk_reaches_the_caller_and_the_threads_survive_it(int threads)
    {
        using var scope = new ThreadCount(threads);
        for (var round = 0; round < 50; round++)
        {
            var error = Assert.Throws<InvalidDataException>(() => Run(100, failing: round));
            Assert.Equal($"chunk {round}", error.Message);
            Assert.Contains(nameof(Visits), error.StackTrace);
        }

        Assert.All(Run(100).Counts, count => Assert.Equal(1, count));
    }

    [Fact]
    public void An_exception_on_the_thread_pool_reaches_the_caller_as_it_is() =>
        Assert.Throws<InvalidDataException>(() => Run(100, failing: 40, loop: (work, count) => ChunkLoop.RunOnThreadPool(work, count, 3)));

    [Fact]
    public void No_chunk_begins_long_after_another_failed()
    {
        using var scope = new ThreadCount(2);
        var counts = new int[100_000];
        var workers = new int[100_000];
        fixed (int* first = counts, worker = workers)
        {
            var work = new Visits(first, worker, 0, 1);
            Assert.Throws<InvalidDataException>(() => ChunkLoop.Run(work, 100_000));
        }

        Assert.InRange(counts.Sum(), 0, 90_000);
    }

    [Fact]
    public void Several_managed_threads_may_run_loops_at_once()
    {
        var wrong = 0;
        var threads = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            using var scope = new ThreadCount(2);
            for (var round = 0; round < 200; round++)
            {
                if (Run(37).Counts.Any(count => count != 1))
                {
                    Interlocked.Increment(ref wrong);
                }
            }
        })).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(0, wrong);
    }

    [Fact]
    public void A_loop_in_a_loop_runs_each_chunk_once()
    {
        using var scope = new ThreadCount(2);
        var counts = new int[20 * 30];
        var workers = new int[20 * 30];
        fixed (int* first = counts, worker = workers)
        {
            ChunkLoop.Run(new Nested(first, worker, 30), 20);
        }

        Assert.All(counts, count => Assert.Equal(1, count));
    }
}

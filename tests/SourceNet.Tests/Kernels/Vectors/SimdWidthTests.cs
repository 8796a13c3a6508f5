using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Tests.Kernels.Vectors;

public sealed class SimdWidthTests
{
    private static readonly ConcurrentDictionary<nint, ConcurrentBag<int>> s_seen = new();

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    public void Every_chunk_runs_at_the_width_of_the_thread_that_started_it(int width)
    {
        using var threads = new ThreadCount(2);
        using var limit = new VectorWidth(width);
        Assert.Equal(Enumerable.Repeat(width, 64), Seen());
    }

    [Fact]
    public void Without_a_limit_the_width_is_the_machines()
    {
        var widest = Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4;
        using (new VectorWidth(4))
        {
            Assert.Equal(4, SimdWidth.Count);
        }

        Assert.Equal(widest, SimdWidth.Count);
        Assert.Equal(Enumerable.Repeat(widest, 64), Seen());
    }

    [Fact]
    public void There_is_no_other_width()
    {
        using var limit = new VectorWidth(5);
        Assert.Contains("4, 8 or 16 floats, and not 5", Assert.Throws<InvalidOperationException>(() => Seen()).Message);
    }

    private static int[] Seen()
    {
        var key = Marshal.AllocHGlobal(1);
        try
        {
            s_seen[key] = [];
            SimdWidth.Run(new Recorder(key), 64);
            return [.. s_seen[key]];
        }
        finally
        {
            s_seen.TryRemove(key, out _);
            Marshal.FreeHGlobal(key);
        }
    }

    private readonly struct Recorder(nint key) : ISimdWork
    {
        public void Run<TVector>(int chunk)
            where TVector : unmanaged, ISimdVector<TVector> => s_seen[key].Add(TVector.Count);
    }
}

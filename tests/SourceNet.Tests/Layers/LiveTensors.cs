using TorchSharp;

namespace SourceNet.Tests.Layers;

/// <summary>Counts the tensors that this thread created and did not dispose.</summary>
internal static class LiveTensors
{
    private static long Count => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

    internal static void StayFlat(Action action, int iterations = 200)
    {
        action();
        var before = Count;
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            action();
        }

        Assert.Equal(before, Count);
    }
}

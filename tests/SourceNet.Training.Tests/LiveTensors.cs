using TorchSharp;

namespace SourceNet.Training.Tests;

/// <summary>Counts the tensors that this thread created and did not dispose.</summary>
internal static class LiveTensors
{
    internal static long Count => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
}

using SourceNet.Kernels.Vectors;

namespace SourceNet.Tests.Kernels.Vectors;

/// <summary>A width of the lanes that kernels use, for the calling thread and until disposed.</summary>
internal sealed class LaneWidth : IDisposable
{
    internal LaneWidth(int count) => WidestLanes.Limit(count);

    public void Dispose() => WidestLanes.Limit(0);
}

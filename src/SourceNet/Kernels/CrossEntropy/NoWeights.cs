using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.CrossEntropy;

/// <summary>Indices without smoothing.</summary>
internal readonly struct NoWeights : ITargetWeights
{
    public static bool HaveAny => false;

    public TLanes At<TLanes>(long index, long column)
        where TLanes : struct, ILanes<TLanes> => default;

    public TLanes PartAt<TLanes>(long index, long column, int count)
        where TLanes : struct, ILanes<TLanes> => default;
}

using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>Nothing is dropped.</summary>
internal readonly struct NoMask : IDropMask
{
    public static bool IsOfPlanes => false;

    public static bool IsOfElements => false;

    public float OfPlane(long plane) => 1;

    public TLanes OfElements<TLanes>(long index)
        where TLanes : struct, ILanes<TLanes> => TLanes.All(1);
}

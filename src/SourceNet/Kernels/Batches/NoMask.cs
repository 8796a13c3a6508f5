using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>Nothing is dropped.</summary>
internal readonly struct NoMask : IDropMask
{
    public static bool IsOfPlanes => false;

    public static bool IsOfElements => false;

    public float OfPlane(long plane) => 1;

    public TVector OfElements<TVector>(long index)
        where TVector : struct, ISimdVector<TVector> => TVector.Broadcast(1);
}

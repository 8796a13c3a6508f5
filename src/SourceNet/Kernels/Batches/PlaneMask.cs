using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>Spatial dropout: a whole channel of a sample at once.</summary>
/// <param name="factors">One for each plane.</param>
internal readonly unsafe struct PlaneMask(float* factors) : IDropMask
{
    public static bool IsOfPlanes => true;

    public static bool IsOfElements => false;

    public float OfPlane(long plane) => factors[plane];

    public TVector OfElements<TVector>(long index)
        where TVector : struct, ISimdVector<TVector> => TVector.Broadcast(1);
}

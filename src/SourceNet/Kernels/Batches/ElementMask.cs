using System.Runtime.CompilerServices;
using SourceNet.Kernels.Random;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>Dropout: each element for itself.</summary>
internal readonly struct ElementMask(KeepMask mask) : IDropMask
{
    public static bool IsOfPlanes => false;

    public static bool IsOfElements => true;

    public float OfPlane(long plane) => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector OfElements<TVector>(long index)
        where TVector : struct, ISimdVector<TVector> => mask.Factors<TVector>((uint)index);
}

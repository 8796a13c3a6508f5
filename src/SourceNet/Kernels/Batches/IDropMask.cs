using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>What dropout multiplies with.</summary>
internal interface IDropMask
{
    /// <summary>Whether each plane has one factor.</summary>
    static abstract bool IsOfPlanes { get; }

    /// <summary>Whether each element has a factor.</summary>
    static abstract bool IsOfElements { get; }

    /// <param name="plane">Counted over samples and channels.</param>
    float OfPlane(long plane);

    /// <param name="index">The first lane's element.</param>
    TVector OfElements<TVector>(long index)
        where TVector : struct, ISimdVector<TVector>;
}

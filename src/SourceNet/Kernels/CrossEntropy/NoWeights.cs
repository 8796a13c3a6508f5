using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.CrossEntropy;

/// <summary>Indices without smoothing.</summary>
internal readonly struct NoWeights : ITargetWeights
{
    public static bool HaveAny => false;

    public TVector At<TVector>(long index, long column)
        where TVector : struct, ISimdVector<TVector> => default;

    public TVector PartAt<TVector>(long index, long column, int count)
        where TVector : struct, ISimdVector<TVector> => default;
}

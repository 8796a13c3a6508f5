using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.CrossEntropy;

/// <summary>Smoothed indices and classes of different weight: w · ε / C.</summary>
internal readonly unsafe struct ClassWeights(float* classes, float factor) : ITargetWeights
{
    public static bool HaveAny => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector At<TVector>(long index, long column)
        where TVector : struct, ISimdVector<TVector> => TVector.Load(classes + column) * TVector.Broadcast(factor);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector PartAt<TVector>(long index, long column, int count)
        where TVector : struct, ISimdVector<TVector> => TVector.LoadPartial(classes + column, count) * TVector.Broadcast(factor);
}

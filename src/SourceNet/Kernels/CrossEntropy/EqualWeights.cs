using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.CrossEntropy;

/// <summary>Smoothed indices: ε / C for each class.</summary>
internal readonly struct EqualWeights(float each) : ITargetWeights
{
    public static bool HaveAny => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector At<TVector>(long index, long column)
        where TVector : struct, ISimdVector<TVector> => TVector.Broadcast(each);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector PartAt<TVector>(long index, long column, int count)
        where TVector : struct, ISimdVector<TVector> => TVector.Broadcast(each) & SoftmaxRow.Inside<TVector>(count);
}

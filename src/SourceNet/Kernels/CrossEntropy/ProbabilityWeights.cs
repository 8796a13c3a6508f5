using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.CrossEntropy;

/// <summary>Smoothed probabilities: q · (1 − ε) + ε / C.</summary>
internal readonly unsafe struct ProbabilityWeights(float* probabilities, float factor, float each) : ITargetWeights
{
    public static bool HaveAny => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector At<TVector>(long index, long column)
        where TVector : struct, ISimdVector<TVector> => TVector.MultiplyAdd(TVector.Load(probabilities + index), TVector.Broadcast(factor), TVector.Broadcast(each));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector PartAt<TVector>(long index, long column, int count)
        where TVector : struct, ISimdVector<TVector> =>
        TVector.MultiplyAdd(TVector.LoadPartial(probabilities + index, count), TVector.Broadcast(factor), TVector.Broadcast(each)) & SoftmaxRow.Inside<TVector>(count);
}

using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.CrossEntropy;

/// <summary>Smoothed probabilities of classes of different weight: w · (q · (1 − ε) + ε / C).</summary>
internal readonly unsafe struct WeightedProbabilities(float* classes, ProbabilityWeights probabilities) : ITargetWeights
{
    public static bool HaveAny => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector At<TVector>(long index, long column)
        where TVector : struct, ISimdVector<TVector> => TVector.Load(classes + column) * probabilities.At<TVector>(index, column);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector PartAt<TVector>(long index, long column, int count)
        where TVector : struct, ISimdVector<TVector> => TVector.LoadPartial(classes + column, count) * probabilities.PartAt<TVector>(index, column, count);
}

using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.CrossEntropy;

/// <summary>Smoothed probabilities of classes of different weight: w · (q · (1 − ε) + ε / C).</summary>
internal readonly unsafe struct WeightedProbabilities(float* classes, ProbabilityWeights probabilities) : ITargetWeights
{
    public static bool HaveAny => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes At<TLanes>(long index, long column)
        where TLanes : struct, ILanes<TLanes> => TLanes.Load(classes + column) * probabilities.At<TLanes>(index, column);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes PartAt<TLanes>(long index, long column, int count)
        where TLanes : struct, ILanes<TLanes> => TLanes.LoadPart(classes + column, count) * probabilities.PartAt<TLanes>(index, column, count);
}

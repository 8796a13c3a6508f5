using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.CrossEntropy;

/// <summary>Smoothed probabilities: q · (1 − ε) + ε / C.</summary>
internal readonly unsafe struct ProbabilityWeights(float* probabilities, float factor, float each) : ITargetWeights
{
    public static bool HaveAny => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes At<TLanes>(long index, long column)
        where TLanes : struct, ILanes<TLanes> => TLanes.MultiplyAdd(TLanes.Load(probabilities + index), TLanes.All(factor), TLanes.All(each));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes PartAt<TLanes>(long index, long column, int count)
        where TLanes : struct, ILanes<TLanes> =>
        TLanes.MultiplyAdd(TLanes.LoadPart(probabilities + index, count), TLanes.All(factor), TLanes.All(each)) & SoftmaxRow.Inside<TLanes>(count);
}

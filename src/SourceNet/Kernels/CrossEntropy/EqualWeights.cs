using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.CrossEntropy;

/// <summary>Smoothed indices: ε / C for each class.</summary>
internal readonly struct EqualWeights(float each) : ITargetWeights
{
    public static bool HaveAny => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes At<TLanes>(long index, long column)
        where TLanes : struct, ILanes<TLanes> => TLanes.All(each);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes PartAt<TLanes>(long index, long column, int count)
        where TLanes : struct, ILanes<TLanes> => TLanes.All(each) & SoftmaxRow.Inside<TLanes>(count);
}

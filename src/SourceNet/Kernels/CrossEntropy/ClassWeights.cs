using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.CrossEntropy;

/// <summary>Smoothed indices and classes of different weight: w · ε / C.</summary>
internal readonly unsafe struct ClassWeights(float* classes, float factor) : ITargetWeights
{
    public static bool HaveAny => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes At<TLanes>(long index, long column)
        where TLanes : struct, ILanes<TLanes> => TLanes.Load(classes + column) * TLanes.All(factor);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes PartAt<TLanes>(long index, long column, int count)
        where TLanes : struct, ILanes<TLanes> => TLanes.LoadPart(classes + column, count) * TLanes.All(factor);
}

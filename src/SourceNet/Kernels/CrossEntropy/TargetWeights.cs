using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.CrossEntropy;

/// <summary>The factor of each class in a row's loss, <c>Σ aᵢ (log Σ eˣ − xᵢ)</c>, but for the class of an index, which the row adds itself.</summary>
internal interface ITargetWeights
{
    /// <summary>False if all are 0. The row then leaves them out.</summary>
    static abstract bool HaveAny { get; }

    /// <summary>The factors of some classes, 0 in the lanes outside of the row.</summary>
    /// <param name="index">The first lane's element, counted from the start of the logits.</param>
    /// <param name="column">The first lane's class.</param>
    /// <param name="extent">How many lanes lie inside the row.</param>
    TVector At<TVector, TExtent>(long index, long column, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent;
}

/// <summary>Indices without smoothing.</summary>
internal readonly struct NoWeights : ITargetWeights
{
    public static bool HaveAny => false;

    public TVector At<TVector, TExtent>(long index, long column, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent => default;
}

/// <summary>Smoothed indices: ε / C for each class.</summary>
internal readonly struct EqualWeights(float each) : ITargetWeights
{
    public static bool HaveAny => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector At<TVector, TExtent>(long index, long column, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent => extent.Select(TVector.Broadcast(each), TVector.Broadcast(0));
}

/// <summary>Smoothed indices and classes of different weight: w · ε / C.</summary>
internal readonly unsafe struct ClassWeights(float* classes, float factor) : ITargetWeights
{
    public static bool HaveAny => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector At<TVector, TExtent>(long index, long column, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent => extent.Load<TVector>(classes + column) * TVector.Broadcast(factor);
}

/// <summary>Smoothed probabilities: q · (1 − ε) + ε / C.</summary>
internal readonly unsafe struct ProbabilityWeights(float* probabilities, float factor, float each) : ITargetWeights
{
    public static bool HaveAny => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector At<TVector, TExtent>(long index, long column, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent =>
        extent.Select(TVector.MultiplyAdd(extent.Load<TVector>(probabilities + index), TVector.Broadcast(factor), TVector.Broadcast(each)),
            TVector.Broadcast(0));
}

/// <summary>Smoothed probabilities of classes of different weight: w · (q · (1 − ε) + ε / C).</summary>
internal readonly unsafe struct WeightedProbabilities(float* classes, ProbabilityWeights probabilities) : ITargetWeights
{
    public static bool HaveAny => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector At<TVector, TExtent>(long index, long column, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent => extent.Load<TVector>(classes + column) * probabilities.At<TVector, TExtent>(index, column, extent);
}

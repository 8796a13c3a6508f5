using System.Runtime.CompilerServices;

namespace SourceNet.Kernels.Vectors;

/// <summary>
/// How many lanes of a vector lie inside of what a loop runs over: all of them, or at its end the first few. The body of every kernel is written once over
/// both.
/// </summary>
internal unsafe interface IVectorExtent
{
    /// <summary>The lanes inside, and 0 outside. Nothing outside is read.</summary>
    TVector Load<TVector>(float* source)
        where TVector : struct, ISimdVector<TVector>;

    /// <summary>Writes the lanes inside, and nothing outside.</summary>
    void Store<TVector>(TVector value, float* target)
        where TVector : struct, ISimdVector<TVector>;

    /// <summary>One value for the lanes inside and another for those outside, which may hold what is not a number and must not reach a sum.</summary>
    TVector Select<TVector>(TVector inside, TVector outside)
        where TVector : struct, ISimdVector<TVector>;
}

internal readonly unsafe struct FullVector : IVectorExtent
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Load<TVector>(float* source)
        where TVector : struct, ISimdVector<TVector> => TVector.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store<TVector>(TVector value, float* target)
        where TVector : struct, ISimdVector<TVector> => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Select<TVector>(TVector inside, TVector outside)
        where TVector : struct, ISimdVector<TVector> => inside;
}

/// <param name="count">How many lanes are inside: fewer than the vector has.</param>
internal readonly unsafe struct PartialVector(int count) : IVectorExtent
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Load<TVector>(float* source)
        where TVector : struct, ISimdVector<TVector> => TVector.LoadPartial(source, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store<TVector>(TVector value, float* target)
        where TVector : struct, ISimdVector<TVector> => value.StorePartial(target, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Select<TVector>(TVector inside, TVector outside)
        where TVector : struct, ISimdVector<TVector> =>
        TVector.ConditionalSelect(TVector.LessThanBits(TVector.Indices, TVector.BroadcastBits((uint)count)), inside, outside);
}

using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Rows;

/// <summary>How many lanes of a vector lie in a row: all of them, or at its end a part. A kernel's body is written once over both.</summary>
internal unsafe interface IReach
{
    static abstract TVector Load<TVector>(float* source, int count)
        where TVector : struct, ISimdVector<TVector>;

    static abstract void Store<TVector>(TVector lanes, float* target, int count)
        where TVector : struct, ISimdVector<TVector>;
}

internal readonly unsafe struct Whole : IReach
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load<TVector>(float* source, int count)
        where TVector : struct, ISimdVector<TVector> => TVector.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TVector>(TVector lanes, float* target, int count)
        where TVector : struct, ISimdVector<TVector> => lanes.Store(target);
}

internal readonly unsafe struct Part : IReach
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load<TVector>(float* source, int count)
        where TVector : struct, ISimdVector<TVector> => TVector.LoadPartial(source, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TVector>(TVector lanes, float* target, int count)
        where TVector : struct, ISimdVector<TVector> => lanes.StorePartial(target, count);
}

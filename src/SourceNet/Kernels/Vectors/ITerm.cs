using System.Runtime.CompilerServices;

namespace SourceNet.Kernels.Vectors;

/// <summary>What a sum adds for the difference of an element from an origin.</summary>
internal interface ITerm
{
    static abstract TVector Add<TVector>(TVector sum, TVector difference)
        where TVector : struct, ISimdVector<TVector>;
}

/// <summary>Σ d</summary>
internal readonly struct Difference : ITerm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Add<TVector>(TVector sum, TVector difference)
        where TVector : struct, ISimdVector<TVector> => sum + difference;
}

/// <summary>Σ d²</summary>
internal readonly struct SquaredDifference : ITerm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Add<TVector>(TVector sum, TVector difference)
        where TVector : struct, ISimdVector<TVector> => TVector.MultiplyAdd(difference, difference, sum);
}

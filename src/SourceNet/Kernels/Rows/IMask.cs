using System.Runtime.CompilerServices;
using SourceNet.Kernels.Random;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Rows;

/// <summary>What the elements at an index are multiplied with at the end.</summary>
internal interface IMask
{
    TVector Apply<TVector>(TVector x, uint index)
        where TVector : struct, ISimdVector<TVector>;
}

/// <summary>Nothing is dropped.</summary>
internal readonly struct NoMask : IMask
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector>(TVector x, uint index)
        where TVector : struct, ISimdVector<TVector> => x;
}

/// <summary>Dropout. It multiplies, as libtorch does: what is not a number stays so even where it is dropped.</summary>
internal readonly struct DropoutMask(KeepMask mask) : IMask
{
    private readonly KeepMask mask = mask;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector>(TVector x, uint index)
        where TVector : struct, ISimdVector<TVector> => x * mask.Factors<TVector>(index);
}

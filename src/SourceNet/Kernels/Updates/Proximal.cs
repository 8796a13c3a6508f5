using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Updates;

/// <summary>
/// How every rule ends: L1 by its proximal operator, then the lower bound. Without them the threshold is 0 and the bound minus infinity, which changes no
/// weight and costs nothing beside the memory.
/// </summary>
internal static class Proximal
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Of<TVector>(in UpdateCoefficients coefficients, TVector weight)
        where TVector : unmanaged, ISimdVector<TVector> =>
        TVector.Max(TVector.SoftThreshold(weight, TVector.Broadcast(coefficients.Threshold)), TVector.Broadcast(coefficients.LowerBound));
}

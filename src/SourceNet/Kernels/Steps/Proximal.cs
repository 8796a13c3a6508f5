using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Steps;

/// <summary>How every rule ends: L1 by its proximal operator, then the floor. Without them the threshold is 0 and the floor minus infinity, which changes no weight and costs nothing beside the memory.</summary>
internal static unsafe class Proximal
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store<TVector>(in StepNumbers numbers, TVector weight, StepPlace at)
        where TVector : struct, ISimdVector<TVector> =>
        TVector.Max(TVector.SoftThreshold(weight, TVector.Broadcast(numbers.Threshold)), TVector.Broadcast(numbers.Floor)).Store(at.Weight);
}

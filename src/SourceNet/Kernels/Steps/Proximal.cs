using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Steps;

/// <summary>How every rule ends: L1 by its proximal operator, then the floor. Without them the threshold is 0 and the floor minus infinity, which changes no weight and costs nothing beside the memory.</summary>
internal static unsafe class Proximal
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store<TLanes>(in StepNumbers numbers, TLanes weight, StepPlace at)
        where TLanes : struct, ILanes<TLanes> =>
        TLanes.AtLeast(TLanes.Shrink(weight, TLanes.All(numbers.Threshold)), TLanes.All(numbers.Floor)).Store(at.Weight);
}

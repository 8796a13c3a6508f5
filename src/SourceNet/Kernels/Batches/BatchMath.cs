using System.Runtime.CompilerServices;
using SourceNet.Activations;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>The formulas that all batch norm kernels share.</summary>
internal static class BatchMath
{
    /// <summary><c>activation((x − mean) · scale + bias)</c>, scale being weight · inverse.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Value<TActivation, TLanes>(TActivation activation, TLanes x, TLanes mean, TLanes scale, TLanes bias)
        where TActivation : unmanaged, IActivation
        where TLanes : struct, ILanes<TLanes> =>
        activation.Value(TLanes.MultiplyAdd(x - mean, scale, bias));

    /// <summary>The gradient of what goes into the activation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Gradient<TActivation, TLanes>(TActivation activation, TLanes dy, TLanes x, TLanes mean, TLanes scale, TLanes bias)
        where TActivation : unmanaged, IActivation
        where TLanes : struct, ILanes<TLanes> =>
        dy * activation.Derivative(TLanes.MultiplyAdd(x - mean, scale, bias));

    /// <summary>What dropout multiplies elements with: 0, or the mask's scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Factor<TMasking, TLanes>(in KeepMask mask, uint index)
        where TMasking : unmanaged, IMasking
        where TLanes : struct, ILanes<TLanes> =>
        TMasking.Drops ? TLanes.All(mask.Scale) & TLanes.Keep(mask, index) : TLanes.All(1f);
}

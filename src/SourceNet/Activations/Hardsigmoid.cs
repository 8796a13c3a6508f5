using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>clamp(x/6 + 1/2, 0, 1)</c></summary>
/// <remarks>The derivative at −3 and 3 is 0.</remarks>
public readonly struct Hardsigmoid : IActivation
{
    /// <inheritdoc/>
    public Tensor Compose(Tensor x) => nn.functional.hardsigmoid(x);

    static bool IActivation.Cuts => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x) => TLanes.AtMost(TLanes.AtLeast(x + TLanes.All(3), TLanes.All(0)), TLanes.All(6)) * TLanes.All(1f / 6);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x) => TLanes.All(1f / 6) & (x > TLanes.All(-3)) & (x < TLanes.All(3));
}

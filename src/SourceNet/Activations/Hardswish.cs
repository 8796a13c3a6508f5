using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>x · clamp(x/6 + 1/2, 0, 1)</c> (Howard et al. 2019, <see href="https://arxiv.org/abs/1905.02244"/>).</summary>
/// <remarks>The derivative at −3 is 0, at 3 it is 1.</remarks>
public readonly struct Hardswish : IActivation
{
    /// <inheritdoc/>
    public Tensor Compose(Tensor x) => nn.functional.hardswish(x);

    static bool IActivation.Cuts => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x) => x * (TLanes.AtMost(TLanes.AtLeast(x + TLanes.All(3), TLanes.All(0)), TLanes.All(6)) * TLanes.All(1f / 6));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x)
    {
        var middle = TLanes.MultiplyAdd(x, TLanes.All(1f / 3), TLanes.All(0.5f));
        return TLanes.Select(x <= TLanes.All(-3), TLanes.All(0), TLanes.Select(x < TLanes.All(3), middle, TLanes.All(1)));
    }
}

using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>x · tanh(softplus(x))</c> (Misra 2019, <see href="https://arxiv.org/abs/1908.08681"/>).</summary>
public readonly struct Mish : IActivation
{
    /// <inheritdoc/>
    public Tensor Compose(Tensor x) => nn.functional.mish(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x)
    {
        // tanh(log(1 + e)) = n / (n + 2) with n = e² + 2e, which neither overflows nor cancels for e = min(eˣ, e²⁰).
        var power = Elementary.Exp(TLanes.AtMost(x, TLanes.All(20)));
        var ratio = TLanes.MultiplyAdd(power, power, power + power);
        return x * (ratio / (ratio + TLanes.All(2)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x)
    {
        var limited = TLanes.AtMost(x, TLanes.All(20));
        var power = Elementary.Exp(limited);
        var ratio = TLanes.MultiplyAdd(power, power, power + power);
        var inverse = TLanes.All(1) / (ratio + TLanes.All(2));
        var slope = TLanes.All(4) * limited * TLanes.MultiplyAdd(power, power, power) * inverse;
        return (ratio + slope) * inverse;
    }
}

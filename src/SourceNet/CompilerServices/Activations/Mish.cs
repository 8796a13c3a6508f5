using System.ComponentModel;
using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices.Activations;

/// <summary><c>x · tanh(softplus(x))</c> (Misra 2019, <see href="https://arxiv.org/abs/1908.08681"/>).</summary>
/// <remarks>Generated code passes it to a kernel.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Mish : IActivation
{
    /// <inheritdoc/>
    public Tensor Compose(Tensor x) => nn.functional.mish(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Value<TVector>(TVector x)
    {
        // tanh(log(1 + e)) = n / (n + 2) with n = e² + 2e, which neither overflows nor cancels for e = min(eˣ, e²⁰).
        var power = Elementary.Exp(TVector.Min(x, TVector.Broadcast(20)));
        var ratio = TVector.MultiplyAdd(power, power, power + power);
        return x * (ratio / (ratio + TVector.Broadcast(2)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Derivative<TVector>(TVector x)
    {
        var limited = TVector.Min(x, TVector.Broadcast(20));
        var power = Elementary.Exp(limited);
        var ratio = TVector.MultiplyAdd(power, power, power + power);
        var inverse = TVector.Broadcast(1) / (ratio + TVector.Broadcast(2));
        var slope = TVector.Broadcast(4) * limited * TVector.MultiplyAdd(power, power, power) * inverse;
        return (ratio + slope) * inverse;
    }
}

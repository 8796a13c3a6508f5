using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>x · tanh(log(1 + eˣ))</c> (Misra 2019).</summary>
public readonly struct Mish : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x) => x * TanhOfSoftplus(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x)
    {
        var t = TanhOfSoftplus(x);
        return TLanes.MultiplyAdd(x * Elementary.Sigmoid(x), TLanes.All(1f) - (t * t), t);
    }

    Tensor IActivation.Compose(Tensor x) => nn.functional.mish(x);

    /// <summary>tanh(log(1 + eˣ)) = w / (w + 2) with w = eˣ · (eˣ + 2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes TanhOfSoftplus<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        // From 20 on it is 1 in float, and the square of the exponential must not overflow.
        var e = Elementary.Exp(TLanes.AtMost(x, TLanes.All(20f)));
        var w = e * (e + TLanes.All(2f));
        return w / (w + TLanes.All(2f));
    }
}

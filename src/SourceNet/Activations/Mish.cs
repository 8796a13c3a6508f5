using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>x · tanh(log(1 + eˣ))</c> (Misra 2019).</summary>
public readonly struct Mish : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x) => x * Bounds.TanhOfSoftplus(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x)
    {
        var t = Bounds.TanhOfSoftplus(x);
        return TLanes.MultiplyAdd(x * Elementary.Sigmoid(x), TLanes.All(1f) - (t * t), t);
    }

    Tensor IActivation.Compose(Tensor x) => nn.functional.mish(x);
}

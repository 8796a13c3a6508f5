using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>x / (1 + |x|)</c></summary>
public readonly struct Softsign : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x) => x / (TLanes.All(1f) + TLanes.Abs(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x)
    {
        var inverse = TLanes.All(1f) / (TLanes.All(1f) + TLanes.Abs(x));
        // The product with 0 is no number where x is infinite, as in libtorch.
        return TLanes.MultiplyAdd(x * inverse, TLanes.All(0f), inverse * inverse);
    }

    Tensor IActivation.Compose(Tensor x) => nn.functional.softsign(x);
}

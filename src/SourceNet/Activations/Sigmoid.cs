using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>1 / (1 + e⁻ˣ)</c></summary>
public readonly struct Sigmoid : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x) => Elementary.Sigmoid(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x)
    {
        var s = Elementary.Sigmoid(x);
        return s * (TLanes.All(1f) - s);
    }

    Tensor IActivation.Compose(Tensor x) => x.sigmoid();
}

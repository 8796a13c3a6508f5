using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>tanh(x)</c></summary>
public readonly struct Tanh : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x) => Elementary.Tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x)
    {
        var t = Elementary.Tanh(x);
        return TLanes.All(1f) - (t * t);
    }

    Tensor IActivation.Compose(Tensor x) => x.tanh();
}

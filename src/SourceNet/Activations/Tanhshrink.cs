using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>x − tanh(x)</c></summary>
public readonly struct Tanhshrink : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x) => x - Elementary.Tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x)
    {
        var t = Elementary.Tanh(x);
        return t * t;
    }

    Tensor IActivation.Compose(Tensor x) => nn.functional.tanhshrink(x);
}

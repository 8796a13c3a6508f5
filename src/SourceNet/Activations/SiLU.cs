using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>x · sigmoid(x)</c>, also called swish (Elfwing et al. 2017).</summary>
public readonly struct SiLU : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x) => x / (TLanes.All(1f) + Elementary.Exp(TLanes.All(0f) - x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x)
    {
        var s = Elementary.Sigmoid(x);
        return s * TLanes.MultiplyAdd(x, TLanes.All(1f) - s, TLanes.All(1f));
    }

    Tensor IActivation.Compose(Tensor x) => nn.functional.silu(x);
}

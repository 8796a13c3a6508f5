using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>x / 2 · (1 + tanh(√(2/π) · (x + 0.044715 · x³)))</c>, an approximation of <see cref="GELU"/>.</summary>
public readonly struct GELUTanh : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x)
    {
        var inner = x * TLanes.MultiplyAdd(x * x, TLanes.All(0.0356774081f), TLanes.All(0.797884561f));
        return x * TLanes.MultiplyAdd(Elementary.Tanh(inner), TLanes.All(0.5f), TLanes.All(0.5f));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x)
    {
        var square = x * x;
        var t = Elementary.Tanh(x * TLanes.MultiplyAdd(square, TLanes.All(0.0356774081f), TLanes.All(0.797884561f)));
        var slope = TLanes.MultiplyAdd(square, TLanes.All(3 * 0.0356774081f), TLanes.All(0.797884561f));
        var half = TLanes.MultiplyAdd(t, TLanes.All(0.5f), TLanes.All(0.5f));
        return TLanes.MultiplyAdd(x * TLanes.All(0.5f) * (TLanes.All(1f) - (t * t)), slope, half);
    }

    Tensor IActivation.Compose(Tensor x) => nn.functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh);
}

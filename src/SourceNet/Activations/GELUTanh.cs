using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary>GELU by the tanh formula, <c>x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³)))</c>.</summary>
public readonly struct GELUTanh : IActivation
{
    private const float RootTwoByPi = 0.79788456080286535588f;
    private const float Cubic = 0.044715f;

    /// <inheritdoc/>
    public Tensor Compose(Tensor x) => nn.functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x)
    {
        var cubic = TLanes.MultiplyAdd(x * x * x, TLanes.All(Cubic), x);
        var half = x * TLanes.All(0.5f);
        return TLanes.MultiplyAdd(half, Elementary.Tanh(cubic * TLanes.All(RootTwoByPi)), half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x)
    {
        var square = x * x;
        var cubic = TLanes.MultiplyAdd(square * x, TLanes.All(Cubic), x);
        var tanh = Elementary.Tanh(cubic * TLanes.All(RootTwoByPi));
        var inner = TLanes.MultiplyAdd(square, TLanes.All(3 * Cubic * RootTwoByPi), TLanes.All(RootTwoByPi));
        var slope = (TLanes.All(1) - (tanh * tanh)) * inner * x;
        return TLanes.MultiplyAdd(tanh + slope, TLanes.All(0.5f), TLanes.All(0.5f));
    }
}

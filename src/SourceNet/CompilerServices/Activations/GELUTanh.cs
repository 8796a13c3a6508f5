using System.ComponentModel;
using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices.Activations;

/// <summary>GELU by the tanh formula, <c>x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³)))</c>.</summary>
/// <remarks>Generated code passes it to a kernel.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct GELUTanh : IActivation
{
    private const float RootTwoByPi = 0.79788456080286535588f;
    private const float Cubic = 0.044715f;

    /// <inheritdoc/>
    public Tensor Compose(Tensor x) => nn.functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Value<TVector>(TVector x)
    {
        var cubic = TVector.MultiplyAdd(x * x * x, TVector.Broadcast(Cubic), x);
        var half = x * TVector.Broadcast(0.5f);
        return TVector.MultiplyAdd(half, Elementary.Tanh(cubic * TVector.Broadcast(RootTwoByPi)), half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Derivative<TVector>(TVector x)
    {
        var square = x * x;
        var cubic = TVector.MultiplyAdd(square * x, TVector.Broadcast(Cubic), x);
        var tanh = Elementary.Tanh(cubic * TVector.Broadcast(RootTwoByPi));
        var inner = TVector.MultiplyAdd(square, TVector.Broadcast(3 * Cubic * RootTwoByPi), TVector.Broadcast(RootTwoByPi));
        var slope = (TVector.Broadcast(1) - (tanh * tanh)) * inner * x;
        return TVector.MultiplyAdd(tanh + slope, TVector.Broadcast(0.5f), TVector.Broadcast(0.5f));
    }
}

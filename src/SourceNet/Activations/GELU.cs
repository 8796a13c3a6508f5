using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>x · Φ(x)</c> with the normal distribution Φ (Hendrycks and Gimpel 2016, <see href="https://arxiv.org/abs/1606.08415"/>).</summary>
public readonly struct GELU : IActivation
{
    private const float InverseRootTwo = 0.70710678118654752440f;
    private const float InverseRootTwoPi = 0.39894228040143267794f;

    /// <inheritdoc/>
    public Tensor Compose(Tensor x) => nn.functional.gelu(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x) => x * Probability(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x)
    {
        var density = Elementary.Exp(x * x * TLanes.All(-0.5f)) * TLanes.All(InverseRootTwoPi);
        return TLanes.MultiplyAdd(x, density, Probability(x));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Probability<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes> =>
        TLanes.MultiplyAdd(Elementary.Erf(x * TLanes.All(InverseRootTwo)), TLanes.All(0.5f), TLanes.All(0.5f));
}

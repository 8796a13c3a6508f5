using System.ComponentModel;
using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices.Activations;

/// <summary><c>x · Φ(x)</c> with the normal distribution Φ (Hendrycks and Gimpel 2016, <see href="https://arxiv.org/abs/1606.08415"/>).</summary>
/// <remarks>Generated code passes it to a kernel.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct GELU : IActivation
{
    private const float InverseRootTwo = 0.70710678118654752440f;
    private const float InverseRootTwoPi = 0.39894228040143267794f;

    /// <inheritdoc/>
    public Tensor Compose(Tensor x) => nn.functional.gelu(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Value<TVector>(TVector x) => x * Probability(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Derivative<TVector>(TVector x)
    {
        var density = Elementary.Exp(x * x * TVector.Broadcast(-0.5f)) * TVector.Broadcast(InverseRootTwoPi);
        return TVector.MultiplyAdd(x, density, Probability(x));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Probability<TVector>(TVector x)
        where TVector : struct, ISimdVector<TVector> =>
        TVector.MultiplyAdd(Elementary.Erf(x * TVector.Broadcast(InverseRootTwo)), TVector.Broadcast(0.5f), TVector.Broadcast(0.5f));
}

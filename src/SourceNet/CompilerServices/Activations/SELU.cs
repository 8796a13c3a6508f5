using System.ComponentModel;
using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices.Activations;

/// <summary>
/// The self-normalizing ELU, <c>scale · x</c> above 0 and <c>scale · alpha · (eˣ − 1)</c> below (Klambauer et al. 2017,
/// <see href="https://arxiv.org/abs/1706.02515"/>).
/// </summary>
/// <remarks>Generated code passes it to a kernel.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct SELU : IActivation
{
    private const float Scale = 1.0507009873554804934193349852946f;
    private const float ScaledAlpha = 1.0507009873554804934193349852946f * 1.6732632423543772848170429916717f;

    /// <inheritdoc/>
    public Tensor Compose(Tensor x) => nn.functional.selu(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Value<TVector>(TVector x) => TVector.ConditionalSelect(
        x <= TVector.Broadcast(0), TVector.Broadcast(ScaledAlpha) * Elementary.ExpMinusOne(TVector.Min(x, TVector.Broadcast(0))), TVector.Broadcast(Scale) * x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Derivative<TVector>(TVector x) => TVector.ConditionalSelect(
        x <= TVector.Broadcast(0), TVector.Broadcast(ScaledAlpha) * Elementary.Exp(TVector.Min(x, TVector.Broadcast(0))), TVector.Broadcast(Scale));
}

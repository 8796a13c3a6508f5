using System.ComponentModel;
using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices.Activations;

/// <summary><c>x</c> above 0, <c>alpha · (eˣ − 1)</c> below.</summary>
/// <remarks>Generated code passes it to a kernel.</remarks>
/// <param name="alpha">The scale below 0, and the derivative at 0.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct ELU(double alpha) : IActivation
{
    private readonly float scale = (float)alpha;

    /// <inheritdoc/>
    public Tensor Compose(Tensor x)
    {
        using var scalar = alpha.ToScalar();
        return x.elu(scalar, Scalars.One, Scalars.One);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Value<TVector>(TVector x) =>
        TVector.ConditionalSelect(x <= TVector.Broadcast(0), TVector.Broadcast(scale) * Elementary.ExpMinusOne(TVector.Min(x, TVector.Broadcast(0))), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Derivative<TVector>(TVector x) =>
        TVector.ConditionalSelect(x <= TVector.Broadcast(0), TVector.Broadcast(scale) * Elementary.Exp(TVector.Min(x, TVector.Broadcast(0))),
        TVector.Broadcast(1));
}

using System.ComponentModel;
using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices.Activations;

/// <summary><c>max(0, x) + min(0, alpha · (e^(x/alpha) − 1))</c></summary>
/// <remarks>Generated code passes it to a kernel.</remarks>
/// <param name="alpha">The scale below 0, above 0.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct CELU(double alpha) : IActivation
{
    private readonly float scale = (float)alpha;
    private readonly float inverse = (float)(1 / alpha);

    /// <inheritdoc/>
    public Tensor Compose(Tensor x)
    {
        using var scalar = alpha.ToScalar();
        return x.celu(scalar);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Value<TVector>(TVector x) =>
        TVector.ConditionalSelect(x <= TVector.Broadcast(0),
        TVector.Broadcast(scale) * Elementary.ExpMinusOne(TVector.Min(x * TVector.Broadcast(inverse), TVector.Broadcast(0))), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Derivative<TVector>(TVector x) =>
        TVector.ConditionalSelect(x <= TVector.Broadcast(0), Elementary.Exp(TVector.Min(x * TVector.Broadcast(inverse), TVector.Broadcast(0))),
        TVector.Broadcast(1));
}

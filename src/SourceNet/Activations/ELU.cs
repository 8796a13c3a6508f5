using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>x</c> above 0, <c>alpha · (eˣ − 1)</c> below.</summary>
/// <param name="alpha">The scale below 0, and the derivative at 0.</param>
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
    TLanes IActivation.Value<TLanes>(TLanes x) => TLanes.Select(x <= TLanes.All(0), TLanes.All(scale) * Elementary.ExpMinusOne(TLanes.AtMost(x, TLanes.All(0))), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x) => TLanes.Select(x <= TLanes.All(0), TLanes.All(scale) * Elementary.Exp(TLanes.AtMost(x, TLanes.All(0))), TLanes.All(1));
}

using System.ComponentModel;
using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices.Activations;

/// <summary>0 inside <c>[−lambda, lambda]</c>, else <c>x</c>.</summary>
/// <remarks>Generated code passes it to a kernel.</remarks>
/// <param name="lambda">The half width of the zero band.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Hardshrink(double lambda) : IActivation
{
    private readonly float band = (float)lambda;

    /// <inheritdoc/>
    public Tensor Compose(Tensor x)
    {
        // TorchSharp's functional.hardshrink hands libtorch a number that nobody holds.
        using var width = lambda.ToScalar();
        using var size = x.abs();
        using var isInside = size.le(width);
        return x.masked_fill(isInside, Scalars.Zero);
    }

    static bool IActivation.Cuts => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Value<TVector>(TVector x) =>
        TVector.ConditionalSelect((x >= TVector.Broadcast(-band)) & (x <= TVector.Broadcast(band)), TVector.Broadcast(0), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Derivative<TVector>(TVector x) =>
        TVector.ConditionalSelect((x >= TVector.Broadcast(-band)) & (x <= TVector.Broadcast(band)), TVector.Broadcast(0), TVector.Broadcast(1));
}

using System.ComponentModel;
using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices.Activations;

/// <summary><c>sign(x) · max(|x| − lambda, 0)</c></summary>
/// <remarks>Generated code passes it to a kernel.</remarks>
/// <param name="lambda">The half width of the zero band, at least 0.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Softshrink(double lambda) : IActivation
{
    private readonly float band = (float)lambda;

    /// <inheritdoc/>
    public Tensor Compose(Tensor x)
    {
        // TorchSharp's functional.softshrink hands libtorch a number that nobody holds.
        using var lowest = (-lambda).ToScalar();
        using var highest = lambda.ToScalar();
        using var nearest = x.clamp(lowest, highest);
        using var isInside = nearest.eq(x);
        using var rest = x.sub(nearest);
        // No gradient passes inside, not even one that is no number.
        return rest.masked_fill(isInside, Scalars.Zero);
    }

    static bool IActivation.Cuts => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Value<TVector>(TVector x) => TVector.SoftThreshold(x, TVector.Broadcast(band));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Derivative<TVector>(TVector x) =>
        TVector.ConditionalSelect(Elementary.Abs(x) <= TVector.Broadcast(band), TVector.Broadcast(0), TVector.Broadcast(1));
}

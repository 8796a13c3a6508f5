using System.ComponentModel;
using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices.Activations;

/// <summary><c>clamp(x, minimum, maximum)</c></summary>
/// <remarks>Generated code passes it to a kernel. The derivative at both bounds is 1, as that of <c>clamp</c>.</remarks>
/// <param name="minimum">The lower bound.</param>
/// <param name="maximum">The upper bound.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Hardtanh(double minimum, double maximum) : IActivation
{
    private readonly float low = (float)minimum;
    private readonly float high = (float)maximum;

    /// <inheritdoc/>
    public Tensor Compose(Tensor x)
    {
        // TorchSharp's functional.hardtanh returns its argument as it is.
        using var lowest = minimum.ToScalar();
        using var highest = maximum.ToScalar();
        return x.clamp(lowest, highest);
    }

    static bool IActivation.Cuts => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Value<TVector>(TVector x) => TVector.Min(TVector.Max(x, TVector.Broadcast(low)), TVector.Broadcast(high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Derivative<TVector>(TVector x) => TVector.Broadcast(1) & (x >= TVector.Broadcast(low)) & (x <= TVector.Broadcast(high));
}

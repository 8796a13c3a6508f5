using System.ComponentModel;
using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices.Activations;

/// <summary><c>x</c> above the threshold, else <c>value</c>.</summary>
/// <remarks>Generated code passes it to a kernel.</remarks>
/// <param name="threshold">Up to which x is replaced.</param>
/// <param name="value">What replaces it.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Threshold(double threshold, double value) : IActivation
{
    private readonly float limit = (float)threshold;
    private readonly float replacement = (float)value;

    /// <inheritdoc/>
    public Tensor Compose(Tensor x)
    {
        using var limitScalar = threshold.ToScalar();
        using var valueScalar = value.ToScalar();
        return x.threshold(limitScalar, valueScalar);
    }

    static bool IActivation.Cuts => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Value<TVector>(TVector x) => TVector.ConditionalSelect(x <= TVector.Broadcast(limit), TVector.Broadcast(replacement), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Derivative<TVector>(TVector x) => TVector.ConditionalSelect(x <= TVector.Broadcast(limit), TVector.Broadcast(0), TVector.Broadcast(1));
}

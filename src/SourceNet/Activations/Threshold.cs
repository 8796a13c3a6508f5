using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>x</c> above the threshold, else <c>value</c>.</summary>
/// <param name="threshold">Up to which x is replaced.</param>
/// <param name="value">What replaces it.</param>
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
    TLanes IActivation.Value<TLanes>(TLanes x) => TLanes.Select(x <= TLanes.All(limit), TLanes.All(replacement), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x) => TLanes.Select(x <= TLanes.All(limit), TLanes.All(0), TLanes.All(1));
}

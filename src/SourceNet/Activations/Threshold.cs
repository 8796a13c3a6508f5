using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>x</c> above the threshold, else a value.</summary>
/// <param name="threshold">Where it begins.</param>
/// <param name="value">What stands below.</param>
public readonly struct Threshold(double threshold, double value) : IActivation
{
    private readonly double threshold = threshold;
    private readonly double value = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x) => TLanes.Select(TLanes.LessOrEqual(x, TLanes.All((float)threshold)), TLanes.All((float)value), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x) => TLanes.Select(TLanes.LessOrEqual(x, TLanes.All((float)threshold)), TLanes.All(0f), TLanes.All(1f));

    Tensor IActivation.Compose(Tensor x) => nn.functional.threshold(x, threshold, value);
}

using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>min(max(x, minimum), maximum)</c></summary>
/// <param name="minimum">The lower bound.</param>
/// <param name="maximum">The upper bound, not below the lower.</param>
public readonly struct Hardtanh(double minimum, double maximum) : IActivation
{
    private readonly double minimum = minimum;
    private readonly double maximum = maximum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x) => TLanes.AtMost(TLanes.AtLeast(x, TLanes.All((float)minimum)), TLanes.All((float)maximum));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x) => TLanes.LessOrEqual(TLanes.All((float)minimum), x) & TLanes.LessOrEqual(x, TLanes.All((float)maximum)) & TLanes.All(1f);

    Tensor IActivation.Compose(Tensor x) => x.clamp(minimum, maximum);
}

using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>x</c> above 0, <c>slope · x</c> below.</summary>
/// <param name="slope">The slope below 0.</param>
public readonly struct LeakyReLU(double slope) : IActivation
{
    private readonly double slope = slope;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x) => TLanes.Select(TLanes.Less(TLanes.All(0f), x), x, x * TLanes.All((float)slope));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x) => TLanes.Select(TLanes.Less(TLanes.All(0f), x), TLanes.All(1f), TLanes.All((float)slope));

    Tensor IActivation.Compose(Tensor x) => nn.functional.leaky_relu(x, slope);
}

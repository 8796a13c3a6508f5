using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>x</c> where <c>|x|</c> is above lambda, else 0.</summary>
/// <param name="lambda">The half width of the zero band, at least 0.</param>
public readonly struct Hardshrink(double lambda) : IActivation
{
    private readonly double lambda = lambda;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x) => TLanes.Select(TLanes.LessOrEqual(TLanes.Abs(x), TLanes.All((float)lambda)), TLanes.All(0f), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x) => TLanes.Select(TLanes.LessOrEqual(TLanes.Abs(x), TLanes.All((float)lambda)), TLanes.All(0f), TLanes.All(1f));

    Tensor IActivation.Compose(Tensor x) => nn.functional.hardshrink(x, lambda);
}

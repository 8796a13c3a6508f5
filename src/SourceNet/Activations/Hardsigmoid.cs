using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>min(max(x + 3, 0), 6) / 6</c></summary>
public readonly struct Hardsigmoid : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x) => TLanes.AtMost(TLanes.AtLeast(x + TLanes.All(3f), TLanes.All(0f)), TLanes.All(6f)) * TLanes.All(1f / 6);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x) => TLanes.Less(TLanes.All(-3f), x) & TLanes.Less(x, TLanes.All(3f)) & TLanes.All(1f / 6);

    Tensor IActivation.Compose(Tensor x) => nn.functional.hardsigmoid(x);
}

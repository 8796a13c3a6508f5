using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>x · min(max(x + 3, 0), 6) / 6</c> (Howard et al. 2019).</summary>
public readonly struct Hardswish : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x) => x * (TLanes.AtMost(TLanes.AtLeast(x + TLanes.All(3f), TLanes.All(0f)), TLanes.All(6f)) * TLanes.All(1f / 6));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x)
    {
        var middle = TLanes.MultiplyAdd(x, TLanes.All(1f / 3), TLanes.All(0.5f));
        var upper = TLanes.Select(TLanes.Less(x, TLanes.All(3f)), middle, TLanes.All(1f));
        return TLanes.Select(TLanes.LessOrEqual(x, TLanes.All(-3f)), TLanes.All(0f), upper);
    }

    Tensor IActivation.Compose(Tensor x) => nn.functional.hardswish(x);
}

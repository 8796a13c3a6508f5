using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>min(max(x, 0), 6)</c></summary>
public readonly struct ReLU6 : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x) => TLanes.AtMost(TLanes.AtLeast(x, TLanes.All(0f)), TLanes.All(6f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x) => TLanes.Select(TLanes.LessOrEqual(x, TLanes.All(0f)) | TLanes.LessOrEqual(TLanes.All(6f), x), TLanes.All(0f), TLanes.All(1f));

    Tensor IActivation.Compose(Tensor x) => nn.functional.relu6(x);
}

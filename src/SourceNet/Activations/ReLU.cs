using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>max(x, 0)</c></summary>
public readonly struct ReLU : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x) => TLanes.AtLeast(x, TLanes.All(0f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x) => TLanes.Select(TLanes.LessOrEqual(x, TLanes.All(0f)), TLanes.All(0f), TLanes.All(1f));

    Tensor IActivation.Compose(Tensor x) => nn.functional.relu(x);
}

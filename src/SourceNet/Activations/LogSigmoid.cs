using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>log(1 / (1 + e⁻ˣ))</c></summary>
public readonly struct LogSigmoid : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x) => TLanes.AtMost(x, TLanes.All(0f)) - Elementary.LogOnePlus(Elementary.Exp(TLanes.All(0f) - TLanes.Abs(x)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x) => Elementary.Sigmoid(TLanes.All(0f) - x);

    Tensor IActivation.Compose(Tensor x) => nn.functional.logsigmoid(x);
}

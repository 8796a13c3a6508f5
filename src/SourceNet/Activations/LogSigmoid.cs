using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>log σ(x)</c></summary>
public readonly struct LogSigmoid : IActivation
{
    /// <inheritdoc/>
    public Tensor Compose(Tensor x) => nn.functional.logsigmoid(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x) => TLanes.AtMost(x, TLanes.All(0)) - Elementary.LogOfOnePlus(Elementary.Exp(Elementary.Negate(Elementary.Abs(x))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x) => Elementary.Sigmoid(Elementary.Negate(x));
}

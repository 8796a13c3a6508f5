using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>tanh(x)</c></summary>
public readonly struct Tanh : IActivation
{
    /// <inheritdoc/>
    public Tensor Compose(Tensor x) => nn.functional.tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x) => Elementary.Tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x)
    {
        var tanh = Elementary.Tanh(x);
        return TLanes.All(1) - (tanh * tanh);
    }
}

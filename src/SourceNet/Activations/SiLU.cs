using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>x · σ(x)</c>, also called swish.</summary>
public readonly struct SiLU : IActivation
{
    /// <inheritdoc/>
    public Tensor Compose(Tensor x) => nn.functional.silu(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x) => x * Elementary.Sigmoid(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x)
    {
        var sigmoid = Elementary.Sigmoid(x);
        return sigmoid * TLanes.MultiplyAdd(x, TLanes.All(1) - sigmoid, TLanes.All(1));
    }
}

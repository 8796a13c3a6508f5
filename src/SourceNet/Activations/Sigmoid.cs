using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>1 / (1 + e⁻ˣ)</c></summary>
public readonly struct Sigmoid : IActivation
{
    /// <inheritdoc/>
    public Tensor Compose(Tensor x) => nn.functional.sigmoid(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x) => Elementary.Sigmoid(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x)
    {
        var sigmoid = Elementary.Sigmoid(x);
        return sigmoid * (TLanes.All(1) - sigmoid);
    }
}

using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>max(0, x)</c></summary>
/// <remarks>The derivative at 0 is 0.</remarks>
public readonly struct ReLU : IActivation
{
    /// <inheritdoc/>
    public Tensor Compose(Tensor x) => nn.functional.relu(x);

    static bool IActivation.Cuts => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x) => TLanes.AtLeast(x, TLanes.All(0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x) => TLanes.Select(x <= TLanes.All(0), TLanes.All(0), TLanes.All(1));
}

using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>min(max(0, x), 6)</c></summary>
/// <remarks>The derivative at 0 and 6 is 0.</remarks>
public readonly struct ReLU6 : IActivation
{
    /// <inheritdoc/>
    public Tensor Compose(Tensor x) => nn.functional.relu6(x);

    static bool IActivation.Cuts => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x) => TLanes.AtMost(TLanes.AtLeast(x, TLanes.All(0)), TLanes.All(6));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x) => TLanes.Select((x <= TLanes.All(0)) | (x >= TLanes.All(6)), TLanes.All(0), TLanes.All(1));
}

using System.ComponentModel;
using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices.Activations;

/// <summary><c>x · σ(x)</c>, also called swish.</summary>
/// <remarks>Generated code passes it to a kernel.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct SiLU : IActivation
{
    /// <inheritdoc/>
    public Tensor Compose(Tensor x) => nn.functional.silu(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Value<TVector>(TVector x) => x * Elementary.Sigmoid(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Derivative<TVector>(TVector x)
    {
        var sigmoid = Elementary.Sigmoid(x);
        return sigmoid * TVector.MultiplyAdd(x, TVector.Broadcast(1) - sigmoid, TVector.Broadcast(1));
    }
}

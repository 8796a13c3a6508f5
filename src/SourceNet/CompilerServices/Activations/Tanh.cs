using System.ComponentModel;
using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices.Activations;

/// <summary><c>tanh(x)</c></summary>
/// <remarks>Generated code passes it to a kernel.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Tanh : IActivation
{
    /// <inheritdoc/>
    public Tensor Compose(Tensor x) => nn.functional.tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Value<TVector>(TVector x) => Elementary.Tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Derivative<TVector>(TVector x)
    {
        var tanh = Elementary.Tanh(x);
        return TVector.Broadcast(1) - (tanh * tanh);
    }
}

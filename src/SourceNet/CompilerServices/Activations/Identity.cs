using System.ComponentModel;
using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices.Activations;

/// <summary><c>x</c>: no activation.</summary>
/// <remarks>Generated code passes it to a kernel.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Identity : IActivation
{
    /// <inheritdoc/>
    public Tensor Compose(Tensor x) => x.alias();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Value<TVector>(TVector x) => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Derivative<TVector>(TVector x) => TVector.Broadcast(1);
}

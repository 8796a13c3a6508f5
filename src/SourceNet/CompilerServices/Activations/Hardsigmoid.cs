using System.ComponentModel;
using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices.Activations;

/// <summary><c>clamp(x/6 + 1/2, 0, 1)</c></summary>
/// <remarks>Generated code passes it to a kernel. The derivative at −3 and 3 is 0.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Hardsigmoid : IActivation
{
    /// <inheritdoc/>
    public Tensor Compose(Tensor x) => nn.functional.hardsigmoid(x);

    static bool IActivation.Cuts => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Value<TVector>(TVector x) =>
        TVector.Min(TVector.Max(x + TVector.Broadcast(3), TVector.Broadcast(0)), TVector.Broadcast(6)) * TVector.Broadcast(1f / 6);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Derivative<TVector>(TVector x) => TVector.Broadcast(1f / 6) & (x > TVector.Broadcast(-3)) & (x < TVector.Broadcast(3));
}

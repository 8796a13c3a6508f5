using System.ComponentModel;
using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices.Activations;

/// <summary><c>min(max(0, x), 6)</c></summary>
/// <remarks>Generated code passes it to a kernel. The derivative at 0 and 6 is 0.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct ReLU6 : IActivation
{
    /// <inheritdoc/>
    public Tensor Compose(Tensor x) => nn.functional.relu6(x);

    static bool IActivation.Cuts => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Value<TVector>(TVector x) => TVector.Min(TVector.Max(x, TVector.Broadcast(0)), TVector.Broadcast(6));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Derivative<TVector>(TVector x) =>
        TVector.ConditionalSelect((x <= TVector.Broadcast(0)) | (x >= TVector.Broadcast(6)), TVector.Broadcast(0), TVector.Broadcast(1));
}

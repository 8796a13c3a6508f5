using System.ComponentModel;
using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices.Activations;

/// <summary><c>max(0, x)</c></summary>
/// <remarks>Generated code passes it to a kernel. The derivative at 0 is 0.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct ReLU : IActivation
{
    /// <inheritdoc/>
    public Tensor Compose(Tensor x) => nn.functional.relu(x);

    static bool IActivation.Cuts => true;

    static bool IActivation.ResultTellsDerivative => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Value<TVector>(TVector x) => TVector.Max(x, TVector.Broadcast(0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Derivative<TVector>(TVector x) => TVector.ConditionalSelect(x <= TVector.Broadcast(0), TVector.Broadcast(0), TVector.Broadcast(1));
}

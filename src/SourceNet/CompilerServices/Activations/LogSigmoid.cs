using System.ComponentModel;
using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices.Activations;

/// <summary><c>log σ(x)</c></summary>
/// <remarks>Generated code passes it to a kernel.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct LogSigmoid : IActivation
{
    /// <inheritdoc/>
    public Tensor Compose(Tensor x) => nn.functional.logsigmoid(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Value<TVector>(TVector x) =>
        TVector.Min(x, TVector.Broadcast(0)) - Elementary.LogOfOnePlus(Elementary.Exp(Elementary.Negate(Elementary.Abs(x))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Derivative<TVector>(TVector x) => Elementary.Sigmoid(Elementary.Negate(x));
}

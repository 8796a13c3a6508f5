using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>x − tanh(x)</c></summary>
public readonly struct Tanhshrink : IActivation
{
    /// <inheritdoc/>
    public Tensor Compose(Tensor x) => nn.functional.tanhshrink(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Value<TVector>(TVector x) => x - Elementary.Tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Derivative<TVector>(TVector x)
    {
        var tanh = Elementary.Tanh(x);
        return tanh * tanh;
    }
}

using System.ComponentModel;
using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices.Activations;

/// <summary><c>x / (1 + |x|)</c></summary>
/// <remarks>Generated code passes it to a kernel.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Softsign : IActivation
{
    /// <inheritdoc/>
    public Tensor Compose(Tensor x)
    {
        using var size = x.abs();
        using var divisor = size.add(Scalars.One, Scalars.One);
        return x.div(divisor);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Value<TVector>(TVector x) => x / (TVector.Broadcast(1) + Elementary.Abs(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Derivative<TVector>(TVector x)
    {
        var inverse = TVector.Broadcast(1) / (TVector.Broadcast(1) + Elementary.Abs(x));
        return inverse * inverse;
    }
}

using System.ComponentModel;
using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices.Activations;

/// <summary><c>x</c> above 0, <c>slope · x</c> below.</summary>
/// <remarks>Generated code passes it to a kernel.</remarks>
/// <param name="slope">The slope below 0, and the derivative at 0.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct LeakyReLU(double slope) : IActivation
{
    private readonly float negative = (float)slope;

    /// <inheritdoc/>
    public Tensor Compose(Tensor x)
    {
        using var scalar = slope.ToScalar();
        return x.leaky_relu(scalar);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Value<TVector>(TVector x) => TVector.ConditionalSelect(x > TVector.Broadcast(0), x, x * TVector.Broadcast(negative));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Derivative<TVector>(TVector x) =>
        TVector.ConditionalSelect(x > TVector.Broadcast(0), TVector.Broadcast(1), TVector.Broadcast(negative));
}

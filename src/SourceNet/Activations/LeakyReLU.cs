using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>x</c> above 0, <c>slope · x</c> below.</summary>
/// <param name="slope">The slope below 0, and the derivative at 0.</param>
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
    TLanes IActivation.Value<TLanes>(TLanes x) => TLanes.Select(x > TLanes.All(0), x, x * TLanes.All(negative));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x) => TLanes.Select(x > TLanes.All(0), TLanes.All(1), TLanes.All(negative));
}

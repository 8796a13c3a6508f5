using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>log(1 + e^(beta·x)) / beta</c>, and <c>x</c> where <c>beta·x</c> is above the threshold.</summary>
/// <param name="beta">The sharpness, not 0.</param>
/// <param name="threshold">Where the function becomes linear.</param>
public readonly struct Softplus(double beta, double threshold) : IActivation
{
    private readonly float sharpness = (float)beta;
    private readonly float inverse = (float)(1 / beta);
    private readonly float linear = (float)threshold;

    /// <inheritdoc/>
    public Tensor Compose(Tensor x) => x.softplus(beta, threshold);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x)
    {
        var scaled = x * TLanes.All(sharpness);
        var logarithm = Elementary.LogOfOnePlus(Elementary.Exp(Elementary.Negate(Elementary.Abs(scaled)))) + TLanes.AtLeast(scaled, TLanes.All(0));
        return TLanes.Select(scaled > TLanes.All(linear), x, logarithm * TLanes.All(inverse));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x)
    {
        var scaled = x * TLanes.All(sharpness);
        return TLanes.Select(scaled > TLanes.All(linear), TLanes.All(1), Elementary.Sigmoid(scaled));
    }
}

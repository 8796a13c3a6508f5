using System.ComponentModel;
using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices.Activations;

/// <summary><c>log(1 + e^(beta·x)) / beta</c>, and <c>x</c> where <c>beta·x</c> is above the threshold.</summary>
/// <remarks>Generated code passes it to a kernel.</remarks>
/// <param name="beta">The sharpness, not 0.</param>
/// <param name="threshold">Where the function becomes linear.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Softplus(double beta, double threshold) : IActivation
{
    private readonly float sharpness = (float)beta;
    private readonly float inverse = (float)(1 / beta);
    private readonly float linear = (float)threshold;

    /// <inheritdoc/>
    public Tensor Compose(Tensor x)
    {
        // TorchSharp's softplus hands libtorch numbers that nobody holds.
        using var factor = (-beta).ToScalar();
        using var limit = (-threshold).ToScalar();
        using var opposite = x.mul(factor);
        using var logarithm = nn.functional.logsigmoid(opposite);
        using var curve = logarithm.div(factor);
        using var isLinear = opposite.lt(limit);
        return where(isLinear, x, curve);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Value<TVector>(TVector x)
    {
        var scaled = x * TVector.Broadcast(sharpness);
        var logarithm = Elementary.LogOfOnePlus(Elementary.Exp(Elementary.Negate(Elementary.Abs(scaled)))) + TVector.Max(scaled, TVector.Broadcast(0));
        return TVector.ConditionalSelect(scaled > TVector.Broadcast(linear), x, logarithm * TVector.Broadcast(inverse));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Derivative<TVector>(TVector x)
    {
        var scaled = x * TVector.Broadcast(sharpness);
        return TVector.ConditionalSelect(scaled > TVector.Broadcast(linear), TVector.Broadcast(1), Elementary.Sigmoid(scaled));
    }
}

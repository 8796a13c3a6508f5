using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>log(1 + e^(beta · x)) / beta</c>, and <c>x</c> where <c>beta · x</c> is above the threshold.</summary>
/// <param name="beta">The sharpness, above 0.</param>
/// <param name="threshold">From here on it is linear.</param>
public readonly struct Softplus(double beta, double threshold) : IActivation
{
    private readonly double beta = beta;
    private readonly double threshold = threshold;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x)
    {
        var scaled = x * TLanes.All((float)beta);
        var smooth = (TLanes.AtLeast(scaled, TLanes.All(0f)) + Elementary.LogOnePlus(Elementary.Exp(TLanes.All(0f) - TLanes.Abs(scaled)))) / TLanes.All((float)beta);
        return TLanes.Select(TLanes.Less(TLanes.All((float)threshold), scaled), x, smooth);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x)
    {
        var scaled = x * TLanes.All((float)beta);
        return TLanes.Select(TLanes.Less(TLanes.All((float)threshold), scaled), TLanes.All(1f), Elementary.Sigmoid(scaled));
    }

    Tensor IActivation.Compose(Tensor x) => nn.functional.softplus(x, beta, threshold);
}

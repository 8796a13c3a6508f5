using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>x · Φ(x)</c> with the normal distribution function Φ (Hendrycks and Gimpel 2016).</summary>
public readonly struct GELU : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x) => x * TLanes.MultiplyAdd(Elementary.Erf(x * TLanes.All(0.707106781f)), TLanes.All(0.5f), TLanes.All(0.5f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x)
    {
        var share = TLanes.MultiplyAdd(Elementary.Erf(x * TLanes.All(0.707106781f)), TLanes.All(0.5f), TLanes.All(0.5f));
        var density = Elementary.Exp(x * x * TLanes.All(-0.5f)) * TLanes.All(0.398942280f);
        return TLanes.MultiplyAdd(x, density, share);
    }

    Tensor IActivation.Compose(Tensor x) => nn.functional.gelu(x);
}

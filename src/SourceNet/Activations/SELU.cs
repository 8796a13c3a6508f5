using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>scale · x</c> above 0, <c>scale · alpha · (eˣ − 1)</c> below, with the constants that keep mean 0 and variance 1 (Klambauer et al. 2017).</summary>
public readonly struct SELU : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x) => TLanes.Select(TLanes.Less(TLanes.All(0f), x), x * TLanes.All(1.05070099f), TLanes.All(1.75809934f) * Elementary.ExpMinusOne(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x) => TLanes.Select(TLanes.LessOrEqual(x, TLanes.All(0f)), TLanes.All(1.75809934f) * Elementary.Exp(x), TLanes.All(1.05070099f));

    Tensor IActivation.Compose(Tensor x) => nn.functional.selu(x);
}

using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>x</c> above 0, <c>alpha · (eˣ − 1)</c> below (Clevert et al. 2016).</summary>
/// <param name="alpha">The scale below 0.</param>
public readonly struct ELU(double alpha) : IActivation
{
    private readonly double alpha = alpha;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x) => TLanes.Select(TLanes.Less(TLanes.All(0f), x), x, TLanes.All((float)alpha) * Elementary.ExpMinusOne(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x) => TLanes.Select(TLanes.LessOrEqual(x, TLanes.All(0f)), TLanes.All((float)alpha) * Elementary.Exp(x), TLanes.All(1f));

    Tensor IActivation.Compose(Tensor x) => nn.functional.elu(x, alpha);
}

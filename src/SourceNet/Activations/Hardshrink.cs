using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary>0 inside <c>[−lambda, lambda]</c>, else <c>x</c>.</summary>
/// <param name="lambda">The half width of the zero band.</param>
public readonly struct Hardshrink(double lambda) : IActivation
{
    private readonly float band = (float)lambda;

    /// <inheritdoc/>
    public Tensor Compose(Tensor x) => nn.functional.hardshrink(x, lambda);

    static bool IActivation.Cuts => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x) => TLanes.Select((x >= TLanes.All(-band)) & (x <= TLanes.All(band)), TLanes.All(0), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x) => TLanes.Select((x >= TLanes.All(-band)) & (x <= TLanes.All(band)), TLanes.All(0), TLanes.All(1));
}

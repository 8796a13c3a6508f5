using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary><c>sign(x) · max(|x| − lambda, 0)</c></summary>
/// <param name="lambda">The half width of the zero band, at least 0.</param>
public readonly struct Softshrink(double lambda) : IActivation
{
    private readonly float band = (float)lambda;

    /// <inheritdoc/>
    public Tensor Compose(Tensor x) => nn.functional.softshrink(x, lambda);

    static bool IActivation.Cuts => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Value<TLanes>(TLanes x) => TLanes.Shrink(x, TLanes.All(band));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TLanes IActivation.Derivative<TLanes>(TLanes x) => TLanes.Select(Elementary.Abs(x) <= TLanes.All(band), TLanes.All(0), TLanes.All(1));
}

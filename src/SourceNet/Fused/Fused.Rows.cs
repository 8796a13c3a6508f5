using SourceNet.Activations;
using SourceNet.Kernels.Autograd;
using SourceNet.Kernels.Rows;
using SourceNet.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet;

public static partial class Fused
{
    /// <summary>RMS norm over the last axes, an activation, and dropout: <c>dropout(activation(norm(x)))</c>.</summary>
    /// <param name="x"><c>[..., features]</c>, the last axes being the norm's.</param>
    /// <param name="norm">The norm with its scale.</param>
    /// <param name="activation">What is applied to the normalized values; <see cref="Activations.Identity"/> for nothing.</param>
    /// <param name="dropout">Drops elements while it is in train mode; null for nothing.</param>
    /// <returns>A new tensor of the input's shape.</returns>
    /// <exception cref="ArgumentException">The last axes are not the norm's.</exception>
    public static Tensor RMSNorm<TActivation>(Tensor x, RMSNorm norm, TActivation activation, Dropout? dropout = null)
        where TActivation : unmanaged, IActivation
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(norm);
        norm.CheckShape(x);
        var weight = norm.weight;
        return FusedOperation.CanRun(x, weight)
            ? new RowOperation<RootMeanSquare, TActivation>(norm.NormalizedShape, norm.Eps, activation, Draw(dropout)).Run(x, weight, null)
            : Compose(norm.Compose(x), activation, dropout);
    }

    /// <summary>Layer norm over the last axes, an activation, and dropout: <c>dropout(activation(norm(x)))</c>.</summary>
    /// <param name="x"><c>[..., features]</c>, the last axes being the norm's.</param>
    /// <param name="norm">The norm with its scale and shift.</param>
    /// <param name="activation">What is applied to the normalized values; <see cref="Activations.Identity"/> for nothing.</param>
    /// <param name="dropout">Drops elements while it is in train mode; null for nothing.</param>
    /// <returns>A new tensor of the input's shape.</returns>
    public static Tensor LayerNorm<TActivation>(Tensor x, LayerNorm norm, TActivation activation, Dropout? dropout = null)
        where TActivation : unmanaged, IActivation
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(norm);
        var (weight, bias, shape) = (norm.weight, norm.bias, norm.normalized_shape);
        return EndsWith(x, shape) && FusedOperation.CanRun(x, weight, bias)
            ? new RowOperation<Standard, TActivation>(shape, norm.eps, activation, Draw(dropout)).Run(x, weight, bias)
            : Compose(norm.call(x), activation, dropout);
    }
}

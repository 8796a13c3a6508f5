using SourceNet.Activations;
using SourceNet.Kernels.Autograd;
using SourceNet.Kernels.Native;
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
            ? new RowOperation<RootMeanSquare, TActivation>(norm.NormalizedShape, norm.Eps, activation, Draw(dropout)).ApplySingle(x, weight, null)
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
            ? new RowOperation<Standard, TActivation>(shape, norm.eps, activation, Draw(dropout)).ApplySingle(x, weight, bias)
            : Compose(norm.call(x), activation, dropout);
    }

    /// <summary>A residual sum, RMS norm over its last axes, an activation, and dropout: <c>dropout(activation(norm(x + residual)))</c>. Both the sum and the result can be used further.</summary>
    /// <param name="x"><c>[..., features]</c>, the last axes being the norm's.</param>
    /// <param name="residual">What is added, of the same shape.</param>
    /// <param name="norm">The norm with its scale.</param>
    /// <param name="activation">What is applied to the normalized values; <see cref="Activations.Identity"/> for nothing.</param>
    /// <param name="dropout">Drops elements while it is in train mode; null for nothing.</param>
    /// <returns>The sum and the result, two new tensors of the input's shape.</returns>
    /// <exception cref="ArgumentException">The last axes are not the norm's.</exception>
    public static (Tensor Sum, Tensor Result) AddRMSNorm<TActivation>(Tensor x, Tensor residual, RMSNorm norm, TActivation activation, Dropout? dropout = null)
        where TActivation : unmanaged, IActivation
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(residual);
        ArgumentNullException.ThrowIfNull(norm);
        norm.CheckShape(x);
        var weight = norm.weight;
        if (CanAdd(x, residual) && FusedOperation.CanRun(x, residual, weight))
        {
            var outputs = new RowOperation<RootMeanSquare, TActivation>(norm.NormalizedShape, norm.Eps, activation, Draw(dropout)).Apply(x, weight, null, residual);
            return (outputs[1], outputs[0]);
        }

        var sum = x.add(residual);
        return (sum, Compose(norm.Compose(sum), activation, dropout));
    }

    /// <summary>A residual sum, layer norm over its last axes, an activation, and dropout: <c>dropout(activation(norm(x + residual)))</c>. Both the sum and the result can be used further.</summary>
    /// <param name="x"><c>[..., features]</c>, the last axes being the norm's.</param>
    /// <param name="residual">What is added, of the same shape.</param>
    /// <param name="norm">The norm with its scale and shift.</param>
    /// <param name="activation">What is applied to the normalized values; <see cref="Activations.Identity"/> for nothing.</param>
    /// <param name="dropout">Drops elements while it is in train mode; null for nothing.</param>
    /// <returns>The sum and the result, two new tensors of the input's shape.</returns>
    public static (Tensor Sum, Tensor Result) AddLayerNorm<TActivation>(Tensor x, Tensor residual, LayerNorm norm, TActivation activation, Dropout? dropout = null)
        where TActivation : unmanaged, IActivation
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(residual);
        ArgumentNullException.ThrowIfNull(norm);
        var (weight, bias, shape) = (norm.weight, norm.bias, norm.normalized_shape);
        if (CanAdd(x, residual) && EndsWith(x, shape) && FusedOperation.CanRun(x, weight, bias) && FusedOperation.CanRun(residual))
        {
            var outputs = new RowOperation<Standard, TActivation>(shape, norm.eps, activation, Draw(dropout)).Apply(x, weight, bias, residual);
            return (outputs[1], outputs[0]);
        }

        var sum = x.add(residual);
        return (sum, Compose(norm.call(sum), activation, dropout));
    }

    private static bool CanAdd(Tensor x, Tensor residual) => NativeTensor.IsAvailable && NativeTensor.HaveOneShape(x.Handle, residual.Handle);
}

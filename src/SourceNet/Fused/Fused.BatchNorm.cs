using SourceNet.Activations;
using SourceNet.Kernels.Autograd;
using SourceNet.Kernels.Batches;
using SourceNet.Kernels.Masks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet;

public static partial class Fused
{
    /// <summary>Batch norm, an activation, and dropout: <c>dropout(activation(norm(x)))</c>. In train mode the norm's running statistics move as they do in TorchSharp.</summary>
    /// <param name="x"><c>[N, C]</c>, <c>[N, C, L]</c>, <c>[N, C, H, W]</c> or <c>[N, C, D, H, W]</c>, as the norm takes it.</param>
    /// <param name="norm">A <see cref="BatchNorm1d"/>, <see cref="BatchNorm2d"/> or <see cref="BatchNorm3d"/>.</param>
    /// <param name="activation">What is applied to the normalized values; <see cref="Activations.Identity"/> for nothing.</param>
    /// <param name="dropout">Drops elements (<see cref="Dropout"/>) or whole channels of a sample (<see cref="Dropout1d"/>, <see cref="Dropout2d"/>, <see cref="Dropout3d"/>) while it is in train mode; null for nothing.</param>
    /// <returns>A new tensor of the input's shape.</returns>
    public static Tensor BatchNorm<TActivation>(Tensor x, BatchNorm norm, TActivation activation, nn.Module<Tensor, Tensor>? dropout = null)
        where TActivation : unmanaged, IActivation
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(norm);
        var (weight, bias, mean, variance) = (norm.weight, norm.bias, norm.running_mean, norm.running_var);
        var usesBatch = norm.training || mean is null || variance is null;
        if (!Takes(norm, x) || !FusedOperation.CanRun(x, weight, bias) || !FusedOperation.CanRun(x, mean, variance) || (norm.training && norm.momentum is null)
            || Rate(dropout, x) is not { } rate)
        {
            return Compose(norm.call(x), activation, dropout);
        }

        var mask = rate > 0 ? KeepMask.Draw(rate) : default(KeepMask?);
        return new BatchOperation<TActivation>(norm, usesBatch, activation, mask, dropout is not TorchSharp.Modules.Dropout).ApplySingle(x, weight, bias);
    }

    private static bool Takes(BatchNorm norm, Tensor x) =>
        norm switch
        {
            BatchNorm1d => x.ndim is 2 or 3,
            BatchNorm2d => x.ndim == 4,
            BatchNorm3d => x.ndim == 5,
            _ => false,
        }
        && x.size(1) == norm.num_features;

    /// <summary>The rate at which a dropout drops now, 0 for not at all; null for one that the kernel does not know.</summary>
    private static double? Rate(nn.Module<Tensor, Tensor>? dropout, Tensor x) => dropout switch
    {
        null or { training: false } => 0,
        TorchSharp.Modules.Dropout elements => elements.p,
        // TorchSharp's takes [N, C] for N channels of a sample.
        Dropout1d channels when x.ndim == 3 => channels.p,
        Dropout2d channels when x.ndim == 4 => channels.p,
        Dropout3d channels when x.ndim == 5 => channels.p,
        _ => null,
    };
}

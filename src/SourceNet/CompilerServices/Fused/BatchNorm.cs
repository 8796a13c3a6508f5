using SourceNet.CompilerServices.Activations;
using SourceNet.Kernels;
using SourceNet.Kernels.Batches;
using SourceNet.Kernels.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices;

public static partial class Fused
{
    /// <summary><c>dropout(activation(norm(x)))</c>, with running statistics moved and gradients through the batch's statistics as libtorch does it.</summary>
    /// <param name="x">
    /// <c>[N, C]</c> or <c>[N, C, L]</c> for a <see cref="BatchNorm1d"/>, <c>[N, C, H, W]</c> for a <see cref="BatchNorm2d"/>, <c>[N, C, D, H, W]</c> for a
    /// <see cref="BatchNorm3d"/>.
    /// </param>
    /// <param name="norm">The norm. Its mode decides whether the batch's statistics are used. Hooks on it do not run.</param>
    /// <param name="activation">What follows the norm.</param>
    /// <param name="dropout">
    /// What follows the activation, or null. Its own mode decides whether it drops. <see cref="Dropout"/> and, where x has their axes, <see cref="Dropout1d"/>,
    /// <see cref="Dropout2d"/> and
    /// <see cref="Dropout3d"/>, which drop whole channels of a sample, are part of the kernel; any other layer is called after it.
    /// </param>
    /// <returns>A new tensor of the shape of <paramref name="x"/>.</returns>
    /// <remarks>The kernels are for contiguous float32 tensors on the CPU and for a norm with a momentum.</remarks>
    /// <exception cref="ArgumentException">
    /// x has not the axes that the norm asks for, or one value for each channel where the batch's own statistics are used: one value has no variance.
    /// </exception>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">The number of channels is not the norm's.</exception>
    public static Tensor BatchNorm<TActivation>(Tensor x, BatchNorm norm, TActivation activation, nn.Module<Tensor, Tensor>? dropout = null)
        where TActivation : unmanaged, IActivation
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(norm);
        var ofBatch = norm.training || (norm.running_mean is null && norm.running_var is null);
        if (ofBatch)
        {
            RequireVariance(x);
        }

        if (!Fits(x, norm, ofBatch))
        {
            using var normalized = norm.forward(x);
            return Follow(activation.Compose(normalized), dropout);
        }

        var isPart = BatchDrop.TryRead(dropout, x.ndim, out var drop);
        var moves = norm.training && norm.track_running_stats;
        if (moves && norm.num_batches_tracked is { } seen)
        {
            using var scope = NewDisposeScope();
            // With its factor, which TorchSharp would else make anew and may lose to the garbage collector.
            seen.add_(Scalars.One, Scalars.One);
        }

        var operation = new BatchNormOperation<TActivation>(activation, drop, norm.eps, moves ? Running(norm) : default);
        var output = operation.Apply(x, norm.weight, norm.bias, ofBatch ? null : norm.running_mean, ofBatch ? null : norm.running_var)[0];
        if (moves && norm.running_mean is { } mean && norm.running_var is { } variance)
        {
            // As after libtorch's own batch norm: graphs and folded weights that were made of the old statistics must notice.
            VersionCounter.Wrote(mean);
            VersionCounter.Wrote(variance);
        }

        // A norm that nobody holds any longer is finalized, and disposes its tensors, even while a kernel reads them.
        GC.KeepAlive(norm);
        return isPart ? output : Follow(output, dropout);
    }

    /// <summary>Unbiased, the variance of one value is 0/0, and libtorch puts that into the running variance without a word.</summary>
    private static void RequireVariance(Tensor x)
    {
        if (x.ndim >= 2 && x.numel() == x.size(1))
        {
            throw new ArgumentException(
                $"Batch norm in train mode takes more than one value for each channel, and the input {Shapes.Text(x.shape)} has one, which has no variance. " +
                "Leave a last batch of one sample out (dropLast: true), take larger batches, or put the norm into eval mode.",
                nameof(x));
        }
    }

    /// <summary>Whether the kernels can do it, and do nothing that libtorch would refuse.</summary>
    private static bool Fits(Tensor x, BatchNorm norm, bool ofBatch)
    {
        var hasAxes = norm switch
        {
            BatchNorm1d => x.ndim is 2 or 3,
            BatchNorm2d => x.ndim == 4,
            BatchNorm3d => x.ndim == 5,
            _ => false,
        };
        return hasAxes && FusedKernels.AreAllowed && NativeTensor.IsAvailable && IsPlain(x.Handle)
            && x.size(1) == norm.num_features && NativeTensor.Count(x.Handle) < int.MaxValue
            && (!ofBatch || NativeTensor.Count(x.Handle) > 0)
            && norm.momentum is not null
            && IsPlainOrNull(norm.weight) && IsPlainOrNull(norm.bias)
            && norm.running_mean is null == norm.running_var is null && IsPlainOrNull(norm.running_mean) && IsPlainOrNull(norm.running_var);

        bool IsPlainOrNull(Tensor? channels) => channels is null || (IsPlain(channels.Handle) && NativeTensor.Count(channels.Handle) == norm.num_features);
        static unsafe bool IsPlain(nint tensor) => NativeTensor.Floats(tensor) is not null;
    }

    private static unsafe RunningStatistics Running(BatchNorm norm) =>
        norm.running_mean is { } mean && norm.running_var is { } variance
            ? new((nint)NativeTensor.Floats(mean.Handle), (nint)NativeTensor.Floats(variance.Handle), norm.momentum!.Value)
            : default;

    /// <summary>A layer of its own after a tensor that is taken over.</summary>
    private static Tensor Follow(Tensor tensor, nn.Module<Tensor, Tensor>? layer)
    {
        if (layer is null)
        {
            return tensor;
        }

        using (tensor)
        {
            return layer.forward(tensor);
        }
    }
}

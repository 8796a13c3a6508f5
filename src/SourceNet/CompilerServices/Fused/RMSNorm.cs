using SourceNet.CompilerServices.Activations;
using SourceNet.Kernels;
using SourceNet.Kernels.Elementwise;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Rows;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices;

public static partial class Fused
{
    /// <summary><c>dropout(activation(norm(x)))</c> in one pass over each row, <c>[..., features] → [..., features]</c>.</summary>
    /// <param name="x">A floating-point tensor whose last axes are the norm's.</param>
    /// <param name="norm">The norm: its scale and its epsilon. Hooks on it do not run.</param>
    /// <param name="activation">What follows the norm.</param>
    /// <param name="dropout">What follows the activation; null, a rate of 0 or eval mode for nothing.</param>
    /// <exception cref="ArgumentException">The last axes differ from those of the norm.</exception>
    public static Tensor RMSNorm<TActivation>(Tensor x, Layers.RMSNorm norm, TActivation activation, TorchSharp.Modules.Dropout? dropout = null)
        where TActivation : unmanaged, IActivation
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(norm);
        var weight = norm.weight;
        var rate = Dropping.Rate(dropout);
        return Fits(x, norm, weight)
            ? new RowNormOperation<RootMeanSquare, TActivation>(activation, Dropping.Mask(rate), norm.NormalizedShape, norm.Epsilon).Apply(
                x, null, weight, null)[0]
            : Follow(norm.Compose(x), activation, rate);
    }

    /// <summary>The sum <c>x + dropPath(residual)</c> and <c>dropout(activation(norm(sum)))</c>, in one pass over each row.</summary>
    /// <param name="x">A floating-point tensor whose last axes are the norm's.</param>
    /// <param name="residual">A tensor of the same shape.</param>
    /// <param name="norm">The norm: its scale and its epsilon. Hooks on it do not run.</param>
    /// <param name="activation">What follows the norm.</param>
    /// <param name="dropout">What follows the activation; null, a rate of 0 or eval mode for nothing.</param>
    /// <param name="dropPath">What skips the residual for whole samples; null, a rate of 0 or eval mode for nothing. Hooks on it do not run.</param>
    /// <returns>Both are differentiable.</returns>
    /// <exception cref="ArgumentException">The last axes differ from those of the norm.</exception>
    public static (Tensor Sum, Tensor Result) AddRMSNorm<TActivation>(
        Tensor x, Tensor residual, Layers.RMSNorm norm, TActivation activation, TorchSharp.Modules.Dropout? dropout = null,
        Layers.DropPath? dropPath = null)
        where TActivation : unmanaged, IActivation
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(residual);
        ArgumentNullException.ThrowIfNull(norm);
        if (SumAndNorm(x, residual, norm, activation, dropout, dropPath, givesSum: true) is [var added, var result])
        {
            return (added, result);
        }

        var sum = Sum(x, residual, dropPath);
        return (sum, Follow(norm.Compose(sum), activation, Dropping.Rate(dropout)));
    }

    /// <summary><c>dropout(activation(norm(x + dropPath(residual))))</c>, in one pass over each row.</summary>
    /// <param name="x">A floating-point tensor whose last axes are the norm's.</param>
    /// <param name="residual">A tensor of the same shape.</param>
    /// <param name="norm">The norm. Hooks on it do not run.</param>
    /// <param name="activation">What follows the norm.</param>
    /// <param name="dropout">What follows the activation; null, a rate of 0 or eval mode for nothing.</param>
    /// <param name="dropPath">What skips the residual for whole samples; null, a rate of 0 or eval mode for nothing. Hooks on it do not run.</param>
    /// <returns>A new tensor of the same shape.</returns>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">The last axes differ from those of the norm.</exception>
    public static Tensor RMSNormOfSum<TActivation>(
        Tensor x, Tensor residual, Layers.RMSNorm norm, TActivation activation, TorchSharp.Modules.Dropout? dropout = null, Layers.DropPath? dropPath = null)
        where TActivation : unmanaged, IActivation
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(residual);
        ArgumentNullException.ThrowIfNull(norm);
        if (SumAndNorm(x, residual, norm, activation, dropout, dropPath, givesSum: false) is [var result])
        {
            return result;
        }

        using var sum = Sum(x, residual, dropPath);
        return Follow(norm.Compose(sum), activation, Dropping.Rate(dropout));
    }

    /// <summary>The kernel's outputs; null where the tensors are none that it reads.</summary>
    private static Tensor[]? SumAndNorm<TActivation>(
        Tensor x, Tensor residual, Layers.RMSNorm norm, TActivation activation, TorchSharp.Modules.Dropout? dropout, Layers.DropPath? dropPath,
        bool givesSum)
        where TActivation : unmanaged, IActivation
    {
        var weight = norm.weight;
        if (!KernelInput.Fit(x, residual) || !HasSamples(x, dropPath, norm.NormalizedShape) || !Fits(x, norm, weight))
        {
            return null;
        }

        // The samples are drawn before the elements, as they are where the sum is computed by itself.
        var path = Dropping.Mask(Dropping.Rate(dropPath));
        var mask = Dropping.Mask(Dropping.Rate(dropout));
        return new RowNormOperation<RootMeanSquare, TActivation>(activation, mask, norm.NormalizedShape, norm.Epsilon, path, givesSum).Apply(
            x, residual, weight, null);
    }

    private static bool Fits(Tensor x, Layers.RMSNorm norm, Tensor? weight) =>
        KernelInput.Fits(x) && KernelInput.EndsWith(x, norm.NormalizedShape) && KernelInput.FitsOrIsMissing(weight, norm.NormalizedShape);
}

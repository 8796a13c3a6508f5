using SourceNet.CompilerServices.Activations;
using SourceNet.Kernels;
using SourceNet.Kernels.Elementwise;
using SourceNet.Kernels.Rows;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices;

public static partial class Fused
{
    /// <summary>
    /// A convolution or linear layer, batch norm, an activation and dropout. In eval mode and without gradients the norm is folded into the layer's weight,
    /// which saves two passes over the result;
    /// otherwise the layer is followed by <see cref="BatchNorm{TActivation}"/>.
    /// </summary>
    /// <param name="x">The layer's input with its batch axis.</param>
    /// <param name="product">The layer: <see cref="Linear"/> on <c>[N, features]</c>, or any convolution. Its hooks do not run where the norm is
    /// folded.</param>
    /// <param name="norm">The norm over the layer's output channels.</param>
    /// <param name="folded">Keeps the folded weight between calls; one object for each pair of layers.</param>
    /// <param name="activation">What is applied to the normalized values.</param>
    /// <param name="dropout">What drops elements or whole channels after it; null for nothing.</param>
    /// <returns>A new tensor of the layer's output shape.</returns>
    public static Tensor FoldedBatchNorm<TActivation>(
        Tensor x, nn.Module<Tensor, Tensor> product, BatchNorm norm, FoldedBatchNorm folded, TActivation activation, nn.Module<Tensor, Tensor>? dropout = null)
        where TActivation : unmanaged, IActivation
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(product);
        ArgumentNullException.ThrowIfNull(norm);
        ArgumentNullException.ThrowIfNull(folded);
        if (norm.training)
        {
            folded.Forget();
        }
        else if (!NeedsGradients(x, product, norm) && folded.Weights(product, norm) is var (weight, bias) && Product(x, product, weight, bias) is { } result)
        {
            return Follow(InPlace(result, activation), dropout);
        }

        using var made = product.call(x);
        return BatchNorm(made, norm, activation, dropout);
    }

    private static bool NeedsGradients(Tensor x, nn.Module product, nn.Module norm) =>
        is_grad_enabled() && (x.requires_grad || product.parameters().Concat(norm.parameters()).Any(parameter => parameter.requires_grad));

    /// <summary>The layer with another weight; null where its input is not a batch.</summary>
    private static Tensor? Product(Tensor x, nn.Module<Tensor, Tensor> product, Tensor weight, Tensor bias)
    {
        if (product is Linear)
        {
            return x.ndim == 2 ? nn.functional.linear(x, weight, bias) : null;
        }

        var c = (Convolution)product;
        if (x.ndim != c.kernel_size.Length + 2)
        {
            return null;
        }

        return (c.kernel_size.Length, c.transposed) switch
        {
            (1, false) => nn.functional.conv1d(x, weight, bias, stride: c.stride[0], padding: c.padding![0], dilation: c.dilation[0], groups: c.groups),
            (2, false) => nn.functional.conv2d(x, weight, bias, strides: c.stride, padding: c.padding, dilation: c.dilation, groups: c.groups),
            (3, false) => nn.functional.conv3d(x, weight, bias, strides: c.stride, padding: c.padding, dilation: c.dilation, groups: c.groups),
            (1, true) => nn.functional.conv_transpose1d(x, weight, bias, stride: c.stride[0], padding: c.padding![0], output_padding: c.output_padding![0],
                dilation: c.dilation[0], groups: c.groups),
            (2, true) => nn.functional.conv_transpose2d(x, weight, bias, strides: c.stride, padding: c.padding, output_padding: c.output_padding,
                dilation: c.dilation, groups: c.groups),
            (3, true) => nn.functional.conv_transpose3d(x, weight, bias, strides: c.stride, padding: c.padding, output_padding: c.output_padding,
                dilation: c.dilation, groups: c.groups),
            _ => null,
        };
    }

    /// <summary>Applies an activation over the memory of a tensor that nobody else knows, and that needs no gradient.</summary>
    private static Tensor InPlace<TActivation>(Tensor x, TActivation activation)
        where TActivation : unmanaged, IActivation
    {
        if (typeof(TActivation) == typeof(Activations.Identity))
        {
            return x;
        }

        if (KernelInput.Fits(x))
        {
            ActivationOperation<TActivation>.RunInPlace(x, activation);
            return x;
        }

        using (x)
        {
            return activation.Compose(x);
        }
    }
}

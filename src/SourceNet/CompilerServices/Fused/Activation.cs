using System.ComponentModel;
using SourceNet.CompilerServices.Activations;
using SourceNet.Kernels;
using SourceNet.Kernels.Elementwise;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Rows;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices;

/// <summary>
/// Operations that a kernel of this library does in one pass over the memory, where composed operators take several: on the CPU, in float32, on contiguous
/// tensors. Any other tensor goes through
/// TorchSharp's operators, with the same mathematics.
/// </summary>
/// <remarks>
/// Generated code calls it.
/// Every operation is one node of autograd's graph, and none at all if nothing requires a gradient. Gradients of gradients are those of the composed operators.
/// Dropout computes its mask from a seed that it
/// draws from torch's default generator of the CPU, so that <c>torch.manual_seed</c> reproduces it; the mask is computed again in the backward pass instead of
/// being kept.
/// <c>SOURCENET_FUSED_KERNELS=0</c> in the environment switches all kernels off.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class Fused
{
    /// <summary><c>dropout(activation(x))</c>, elementwise.</summary>
    /// <param name="x">A floating-point tensor of any shape.</param>
    /// <param name="activation">Which function.</param>
    /// <param name="dropout">What follows it; null, a rate of 0 or eval mode for nothing.</param>
    /// <returns>A new tensor of the shape of <paramref name="x"/>.</returns>
    /// <remarks>The bias of a linear layer before it is no part of this: libtorch's matrix product adds it for free.</remarks>
    public static Tensor Activation<TActivation>(Tensor x, TActivation activation, TorchSharp.Modules.Dropout? dropout)
        where TActivation : unmanaged, IActivation => Activation(x, activation, Dropping.Rate(dropout));

    /// <summary><c>dropout(activation(x))</c> with a rate that is 0 where nothing is to be dropped.</summary>
    internal static Tensor Activation<TActivation>(Tensor x, TActivation activation, double rate)
        where TActivation : unmanaged, IActivation
    {
        ArgumentNullException.ThrowIfNull(x);
        // libtorch's own activations are as fast alone.
        return rate != 0 && KernelInput.Fits(x)
            ? new ActivationOperation<TActivation>(activation, Dropping.Mask(rate)).Apply(x)[0]
            : Dropping.Compose(activation.Compose(x), rate);
    }

    /// <summary>Dropout alone.</summary>
    /// <param name="x">A floating-point tensor of any shape.</param>
    /// <param name="dropout">Rate and mode. In place or not, the result is a new tensor.</param>
    public static Tensor Dropout(Tensor x, TorchSharp.Modules.Dropout dropout)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(dropout);
        return Activation(x, default(Identity), Dropping.Rate(dropout));
    }

    /// <summary>Activation and dropout of a tensor that is taken over, by TorchSharp's operators.</summary>
    private static Tensor Follow<TActivation>(Tensor normalized, TActivation activation, double rate)
        where TActivation : unmanaged, IActivation
    {
        if (typeof(TActivation) == typeof(Identity))
        {
            return Dropping.Compose(normalized, rate);
        }

        using (normalized)
        {
            return Dropping.Compose(activation.Compose(normalized), rate);
        }
    }
}

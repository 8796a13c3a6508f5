using SourceNet.CompilerServices.Activations;
using SourceNet.Kernels;
using SourceNet.Kernels.Elementwise;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices;

public static partial class Fused
{
    /// <summary><c>dropout(activation(x + dropPath(body)))</c>, elementwise: the end of a residual block with what follows its sum.</summary>
    /// <param name="x">What the body is added to, <c>[N, ...]</c>.</param>
    /// <param name="body">A tensor of the same shape.</param>
    /// <param name="activation">What follows the sum.</param>
    /// <param name="dropout">What follows the activation; null, a rate of 0 or eval mode for nothing. Hooks on it do not run.</param>
    /// <param name="dropPath">What skips the body for whole samples; null, a rate of 0 or eval mode for nothing. Hooks on it do not run.</param>
    /// <returns>A new tensor of the shape of the sum.</returns>
    /// <exception cref="ArgumentException">A scalar with a <paramref name="dropPath"/>: there is no batch axis.</exception>
    public static Tensor AddActivation<TActivation>(
        Tensor x, Tensor body, TActivation activation, TorchSharp.Modules.Dropout? dropout = null, Layers.DropPath? dropPath = null)
        where TActivation : unmanaged, IActivation
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(body);
        if (SumOperation(x, body, activation, dropout, dropPath, givesSum: false) is { } operation)
        {
            return operation.Apply(x, body)[0];
        }

        using var sum = Sum(x, body, dropPath);
        return Activation(sum, activation, dropout);
    }

    /// <summary>The sum <c>x + dropPath(body)</c> and <c>dropout(activation(sum))</c>, where a residual goes on from the sum.</summary>
    /// <inheritdoc cref="AddActivation{TActivation}" path="/param|/exception"/>
    /// <returns>Both are differentiable.</returns>
    internal static (Tensor Sum, Tensor Result) SumAndActivation<TActivation>(
        Tensor x, Tensor body, TActivation activation, TorchSharp.Modules.Dropout? dropout, Layers.DropPath? dropPath)
        where TActivation : unmanaged, IActivation
    {
        if (SumOperation(x, body, activation, dropout, dropPath, givesSum: true) is { } operation)
        {
            var outputs = operation.Apply(x, body);
            return (outputs[0], outputs[1]);
        }

        var sum = Sum(x, body, dropPath);
        return (sum, Activation(sum, activation, dropout));
    }

    /// <summary><c>x + body</c>, as TorchSharp's operator computes it, but with a factor of 1 that the garbage collector cannot free meanwhile.</summary>
    /// <param name="x">What the body is added to.</param>
    /// <param name="body">A tensor of the same shape.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor Add(Tensor x, Tensor body)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(body);
        return x.add(body, Scalars.One);
    }

    /// <summary>The sum alone.</summary>
    internal static Tensor Sum(Tensor x, Tensor body, Layers.DropPath? dropPath) => dropPath is null ? Add(x, body) : AddDropPath(x, body, dropPath);

    /// <summary>The kernel; null where the tensors are none that it reads.</summary>
    private static AddActivationOperation<TActivation>? SumOperation<TActivation>(
        Tensor x, Tensor body, TActivation activation, TorchSharp.Modules.Dropout? dropout, Layers.DropPath? dropPath, bool givesSum)
        where TActivation : unmanaged, IActivation
    {
        if (!KernelInput.Fit(x, body) || (dropPath is not null && NativeTensor.Dimensions(x.Handle) == 0))
        {
            return null;
        }

        // The samples are drawn before the elements, as they are where the sum is computed by itself.
        var path = Dropping.Mask(Dropping.Rate(dropPath));
        return new(activation, Dropping.Mask(Dropping.Rate(dropout)), path, givesSum);
    }
}

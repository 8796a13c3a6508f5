using SourceNet.Kernels.Native;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Autograd;

/// <summary>One call of a kernel: its settings, its mathematics forward and backward, and the same mathematics composed of TorchSharp operators.</summary>
internal abstract class FusedOperation
{
    /// <summary>Which inputs need gradients; nothing is computed for the others.</summary>
    internal bool[] Needs { get; private set; } = [];

    /// <summary>What the forward pass keeps for the backward pass besides the inputs.</summary>
    internal List<Tensor> Kept { get; } = [];

    /// <summary>Whether a gradient will be asked for.</summary>
    internal bool IsTracked => Needs.Length > 0;

    /// <summary>Computes the result into a new tensor.</summary>
    /// <param name="inputs">Checked by the caller: the kernel can read them.</param>
    internal abstract Tensor Forward(Tensor?[] inputs);

    /// <summary>Computes the gradients of the inputs that need one, each into a new tensor.</summary>
    /// <param name="gradient">That of the result, contiguous and of its type.</param>
    /// <param name="inputs">Those of the forward pass.</param>
    /// <param name="kept">What <see cref="Kept"/> was.</param>
    /// <param name="gradients">One place for each input.</param>
    internal abstract void Backward(Tensor gradient, ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor?> kept, Span<Tensor?> gradients);

    /// <summary>The same result composed of TorchSharp operators, with the same random numbers: for gradients of gradients, which a kernel does not have.</summary>
    internal abstract Tensor Compose(ReadOnlySpan<Tensor?> inputs);

    /// <summary>Runs the kernel, as part of autograd's graph if an input needs a gradient.</summary>
    internal Tensor Run(params Tensor?[] inputs)
    {
        FailedBackward.Throw();
        var needs = is_grad_enabled() ? Array.ConvertAll(inputs, input => input is not null && input.requires_grad) : [];
        if (Array.IndexOf(needs, true) < 0)
        {
            var result = Forward(inputs);
            GC.KeepAlive(inputs);
            return result;
        }

        Needs = needs;
        return FusedFunction.Apply(this, inputs);
    }

    /// <summary>Whether a kernel can read a tensor: dense float32 on the CPU, its elements in order, fewer than 2³¹ and at least one.</summary>
    internal static unsafe bool CanRead(Tensor? tensor) => tensor is null || (NativeTensor.Count(tensor.Handle) is > 0 and < int.MaxValue && NativeTensor.Floats(tensor.Handle) is not null);

    /// <summary>Whether kernels may be used, and can read all of these.</summary>
    internal static bool CanRun(Tensor input, Tensor? second = null, Tensor? third = null) =>
        FusedKernels.AreAllowed && NativeTensor.IsAvailable && CanRead(input) && CanRead(second) && CanRead(third);
}

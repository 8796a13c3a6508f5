using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Autograd;

/// <summary>
/// An operation with a kernel for its values, a kernel for its gradients, and the same mathematics composed of TorchSharp's operators. <see cref="Apply"/>
/// makes it one node of autograd's graph.
/// </summary>
/// <remarks>
/// An instance is one call: it holds the numbers of that call (rates, seeds, the sizes it read) and no tensor, for autograd's graph keeps it until the graph is
/// gone.
/// Only <see cref="Compose"/> is asked for gradients of gradients, so it must draw the same random mask as the kernels.
/// </remarks>
internal abstract class FusedOperation
{
    /// <summary>What errors call it.</summary>
    internal abstract string Name { get; }

    /// <summary>Computes the outputs with kernels. Gradients are off, and a dispose scope is open.</summary>
    /// <param name="inputs">As given to <see cref="Apply"/>.</param>
    /// <param name="kept">Receives what <see cref="Backward"/> needs besides the inputs: fresh tensors or outputs. Null if no gradient will be asked
    /// for.</param>
    /// <returns>Fresh tensors, at least one.</returns>
    internal abstract Tensor[] Forward(Tensor?[] inputs, List<Tensor>? kept);

    /// <summary>Computes the gradients of the inputs with kernels. Gradients are off, and a dispose scope is open.</summary>
    /// <returns>One for each input: fresh, of its shape, or one of the tensors of the call; null where <see cref="BackwardCall.Needs"/> says that nobody asks,
    /// or for zero.</returns>
    internal abstract Tensor?[] Backward(BackwardCall call);

    /// <summary>Computes the outputs with TorchSharp's operators, differentiable any number of times. A dispose scope is open.</summary>
    internal abstract Tensor[] Compose(Tensor?[] inputs);

    /// <summary>Computes the outputs with kernels and, if gradients are on and an input requires one, puts a node into autograd's graph.</summary>
    /// <param name="inputs">Every tensor that a gradient may go to; null for one that this call does not have. The caller has checked that the kernels can read
    /// them.</param>
    /// <returns>The outputs, in the dispose scope of the caller.</returns>
    internal Tensor[] Apply(params Tensor?[] inputs)
    {
        BackwardTensors.Release();
        bool[]? needed = null;
        if (is_grad_enabled())
        {
            for (var index = 0; index < inputs.Length; index++)
            {
                if (inputs[index] is { requires_grad: true })
                {
                    needed ??= new bool[inputs.Length];
                    needed[index] = true;
                }
            }
        }

        // The scope also keeps every tensor alive while native code holds its handle: the garbage collector does not see that use.
        using var scope = NewDisposeScope();
        var outputs = needed is null ? ForwardAlone(inputs) : FusedFunction.Apply(this, inputs, needed);
        foreach (var output in outputs)
        {
            output.MoveToOuterDisposeScope();
        }

        GC.KeepAlive(inputs);
        return outputs;
    }

    private Tensor[] ForwardAlone(Tensor?[] inputs)
    {
        using var noGradient = no_grad();
        return Forward(inputs, kept: null);
    }
}

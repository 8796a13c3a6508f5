using SourceNet.Activations;
using SourceNet.Kernels.Autograd;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Native;
using SourceNet.Kernels.Threads;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Elements;

/// <summary>Activation and dropout of each element. Input: x of any shape.</summary>
internal sealed unsafe class ElementOperation<TActivation>(TActivation activation, KeepMask? mask) : FusedOperation
    where TActivation : unmanaged, IActivation
{
    internal override Tensor Forward(Tensor?[] inputs)
    {
        var result = empty_like(inputs[0]!);
        Run(new ValueRule<TActivation>(activation), inputs[0]!, null, result);
        return result;
    }

    /// <summary>Writes the result over the input, which nobody else must know.</summary>
    internal void ForwardInPlace(Tensor x) => Run(new ValueRule<TActivation>(activation), x, null, x);

    internal override void Backward(Tensor gradient, ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor?> kept, Span<Tensor?> gradients)
    {
        var result = empty_like(inputs[0]!);
        Run(new DerivativeRule<TActivation>(activation), inputs[0]!, gradient, result);
        gradients[0] = result;
    }

    internal override Tensor Compose(ReadOnlySpan<Tensor?> inputs)
    {
        var result = activation.Compose(inputs[0]!);
        return mask is { } drawn ? MaskTensor.Apply(drawn, result) : result;
    }

    private void Run<TRule>(TRule rule, Tensor x, Tensor? second, Tensor result)
        where TRule : unmanaged, IElementRule
    {
        var place = new ElementPlace
        {
            Input = NativeTensor.Floats(x.Handle),
            Second = second is null ? null : NativeTensor.Floats(second.Handle),
            Output = NativeTensor.Floats(result.Handle),
            Count = NativeTensor.Count(x.Handle),
            Mask = mask ?? default,
        };
        if (mask is null)
        {
            ChunkLoop.Run(new ElementWork<TRule, Keeping>(place, rule), place.Chunks);
        }
        else
        {
            ChunkLoop.Run(new ElementWork<TRule, Dropping>(place, rule), place.Chunks);
        }

        GC.KeepAlive(x);
        GC.KeepAlive(second);
        GC.KeepAlive(result);
    }
}

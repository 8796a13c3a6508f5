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
    internal override string Name => $"{typeof(TActivation).Name} and dropout";

    internal override Tensor[] Forward(Tensor?[] inputs, List<Tensor>? kept)
    {
        var result = empty_like(inputs[0]!);
        Run(new ValueRule<TActivation>(activation), inputs[0]!, null, result);
        return [result];
    }

    /// <summary>Writes the result over the input, which nobody else must know.</summary>
    internal void ForwardInPlace(Tensor x) => Run(new ValueRule<TActivation>(activation), x, null, x);

    internal override Tensor?[] Backward(BackwardCall call)
    {
        var result = empty_like(call.Inputs[0]!);
        Run(new DerivativeRule<TActivation>(activation), call.Inputs[0]!, call.Gradients[0], result);
        return [result];
    }

    internal override Tensor[] Compose(Tensor?[] inputs)
    {
        var result = activation.Compose(inputs[0]!);
        return [mask is { } drawn ? MaskTensor.Apply(drawn, result) : result];
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

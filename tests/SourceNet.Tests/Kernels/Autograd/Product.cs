using SourceNet.Kernels.Autograd;
using SourceNet.Tests.Layers;
using static TorchSharp.torch;

namespace SourceNet.Tests.Kernels.Autograd;

/// <summary>a · b, and a + b as a second output: what a fused operation is, without kernels.</summary>
internal sealed class Product : FusedOperation
{
    internal override string Name => "the product";

    /// <summary>Thrown by the forward pass.</summary>
    internal Exception? ForwardFailure { get; init; }

    /// <summary>Thrown by the backward pass.</summary>
    internal Exception? BackwardFailure { get; init; }

    /// <summary>Whether it only computes.</summary>
    internal bool Quiet { get; init; }

    internal int Backwards { get; private set; }

    internal List<bool[]> Asked { get; } = [];

    internal List<Tensor?[]> Given { get; } = [];

    internal override Tensor[] Forward(Tensor?[] inputs, List<Tensor>? kept)
    {
        if (ForwardFailure is not null)
        {
            throw ForwardFailure;
        }

        var outputs = Compose(inputs);
        // Scalars that stay: temporary ones, which TorchSharp makes of what is left out, could be finalized while the native call reads them.
        kept?.Add(outputs[0].add(Scalars.One, Scalars.One));
        kept?.Add(outputs[0]);
        return outputs;
    }

    internal override Tensor?[] Backward(BackwardCall call)
    {
        if (!Quiet)
        {
            Record(call);
        }

        if (BackwardFailure is not null)
        {
            throw BackwardFailure;
        }

        return [Of(0), Of(1)];

        Tensor? Of(int input)
        {
            var product = call.Gradients[0]?.mul(call.Inputs[1 - input]!);
            return !call.Needs(input) ? null : product is null ? call.Gradients[1] : call.Gradients[1] is { } sum ? product.add(sum, Scalars.One) : product;
        }
    }

    private void Record(BackwardCall call)
    {
        Backwards++;
        Asked.Add([call.Needs(0), call.Needs(1)]);
        Given.Add([.. call.Gradients.Select(gradient => gradient?.clone().DetachFromDisposeScope())]);
        Assert.All(call.Gradients, gradient => Assert.True(gradient?.is_contiguous() ?? true));
        Assert.Equal(call.Kept[1].Values().Select(value => value + 1), call.Kept[0].Values());
    }

    internal override Tensor[] Compose(Tensor?[] inputs) => [inputs[0]!.mul(inputs[1]!), inputs[0]!.add(inputs[1]!, Scalars.One)];
}

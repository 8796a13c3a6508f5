using SourceNet.Activations;
using SourceNet.Kernels.Autograd;
using SourceNet.Kernels.Native;
using SourceNet.Kernels.Random;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Rows;

/// <summary><c>mask · f(x)</c></summary>
internal sealed unsafe class ActivationOperation<TActivation>(TActivation activation, KeepMask? mask) : FusedOperation
    where TActivation : unmanaged, IActivation
{
    internal override string Name => typeof(TActivation).Name;

    internal override Tensor[] Forward(Tensor?[] inputs, List<Tensor>? kept)
    {
        var x = inputs[0]!;
        var result = x.empty_like();
        if (mask is { } drops)
        {
            Run(new Elementwise.Activated<TActivation, DropoutMask>(activation, new(drops)), x, x, result);
        }
        else
        {
            Run(new Elementwise.Activated<TActivation, NoMask>(activation, default), x, x, result);
        }

        return [result];
    }

    internal override Tensor?[] Backward(BackwardCall call)
    {
        var x = call.Inputs[0]!;
        var xGradient = x.empty_like();
        if (mask is { } drops)
        {
            Run(new Elementwise.ActivatedGradient<TActivation, DropoutMask>(activation, new(drops)), x, call.Gradients[0]!, xGradient);
        }
        else
        {
            Run(new Elementwise.ActivatedGradient<TActivation, NoMask>(activation, default), x, call.Gradients[0]!, xGradient);
        }

        return [xGradient];
    }

    internal override Tensor[] Compose(Tensor?[] inputs)
    {
        var activated = activation.Compose(inputs[0]!);
        return [mask is { } drops ? Dropping.Compose(activated, drops) : activated];
    }

    /// <summary>Writes f(x) over x.</summary>
    internal static void RunInPlace(Tensor x, TActivation activation) => Run(new Elementwise.Activated<TActivation, NoMask>(activation, default), x, x, x);

    private static void Run<TFunction>(TFunction function, Tensor one, Tensor two, Tensor result)
        where TFunction : unmanaged, IElementwise =>
        Elementwise.Run(function, NativeTensor.Floats(one.Handle), NativeTensor.Floats(two.Handle), NativeTensor.Floats(result.Handle), NativeTensor.Count(one.Handle));
}

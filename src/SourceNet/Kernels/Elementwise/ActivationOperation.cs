using System.Runtime.CompilerServices;
using SourceNet.CompilerServices.Activations;
using SourceNet.Kernels.Autograd;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Vectors;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Elementwise;

/// <summary><c>y = mask · f(x)</c>, with the gradient <c>f′(x) · mask · gradient of y</c>.</summary>
internal sealed class ActivationOperation<TActivation>(TActivation activation, DropoutMask? mask) : FusedOperation
    where TActivation : unmanaged, IActivation
{
    internal override string Name => typeof(TActivation).Name;

    internal override Tensor[] Forward(Tensor?[] inputs, List<Tensor>? kept)
    {
        var x = inputs[0]!;
        var result = x.empty_like();
        if (mask is { } drops)
        {
            ElementwiseWork<Value<DropoutMask>>.Run(new(activation, drops), x, x, result);
        }
        else
        {
            RunTo(x, activation, result);
        }

        return [result];
    }

    internal override Tensor?[] Backward(BackwardCall call)
    {
        var x = call.Inputs[0]!;
        var xGradient = x.empty_like();
        if (mask is { } drops)
        {
            ElementwiseWork<Gradient<DropoutMask>>.Run(new(activation, drops), x, call.Gradients[0]!, xGradient);
        }
        else
        {
            ElementwiseWork<Gradient<NoMask>>.Run(new(activation, default), x, call.Gradients[0]!, xGradient);
        }

        return [xGradient];
    }

    internal override Tensor[] Compose(Tensor?[] inputs)
    {
        var activated = activation.Compose(inputs[0]!);
        return [mask is { } drops ? Dropping.Compose(activated, drops) : activated];
    }

    /// <summary>Writes f(x) over x.</summary>
    internal static void RunInPlace(Tensor x, TActivation activation) => RunTo(x, activation, x);

    private static void RunTo(Tensor x, TActivation activation, Tensor result) => ElementwiseWork<Value<NoMask>>.Run(new(activation, default), x, x, result);

    private readonly struct Value<TMask>(TActivation activation, TMask mask) : IElementwise
        where TMask : unmanaged, IMask
    {
        private readonly TActivation activation = activation;
        private readonly TMask mask = mask;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Apply<TVector>(TVector one, TVector two, uint index)
            where TVector : struct, ISimdVector<TVector> => mask.Apply(activation.Value(one), index);
    }

    private readonly struct Gradient<TMask>(TActivation activation, TMask mask) : IElementwise
        where TMask : unmanaged, IMask
    {
        private readonly TActivation activation = activation;
        private readonly TMask mask = mask;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Apply<TVector>(TVector one, TVector two, uint index)
            where TVector : struct, ISimdVector<TVector> => ActivationGradient.Of(activation, mask.Apply(two, index), one);
    }
}

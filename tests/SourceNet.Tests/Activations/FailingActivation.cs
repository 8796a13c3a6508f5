using SourceNet.Activations;
using static TorchSharp.torch;

namespace SourceNet.Tests.Activations;

/// <summary>Fails in every kernel.</summary>
internal readonly struct FailingActivation : IActivation
{
    public Tensor Compose(Tensor x) => throw new DivideByZeroException();

    TLanes IActivation.Value<TLanes>(TLanes x) => throw new DivideByZeroException();

    TLanes IActivation.Derivative<TLanes>(TLanes x) => throw new DivideByZeroException();
}

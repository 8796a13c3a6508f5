using SourceNet.CompilerServices.Activations;
using static TorchSharp.torch;

namespace SourceNet.Tests.Activations;

/// <summary>Fails in every kernel.</summary>
internal readonly struct FailingActivation : IActivation
{
    public Tensor Compose(Tensor x) => throw new DivideByZeroException();

    TVector IActivation.Value<TVector>(TVector x) => throw new DivideByZeroException();

    TVector IActivation.Derivative<TVector>(TVector x) => throw new DivideByZeroException();
}

using SourceNet.CompilerServices.Activations;
using SourceNet.Kernels.Vectors;
using SourceNet.Tests.Kernels.Vectors;
using static TorchSharp.torch;

namespace SourceNet.Tests.Activations;

/// <summary>An activation, its value and derivative as functions of lanes, and where it has a kink.</summary>
internal abstract class ActivationCase
{
    /// <summary>Every activation of the namespace, with settings that differ from the defaults.</summary>
    internal static IReadOnlyList<ActivationCase> All { get; } =
    [
        Of(new Identity()), Of(new ReLU(), 0), Of(new ReLU6(), 0, 6), Of(new LeakyReLU(0.1), 0), Of(new ELU(1.3), 0), Of(new CELU(1.7), 0), Of(new SELU(), 0),
            Of(new GELU()), Of(new GELUTanh()), Of(new SiLU()),
        Of(new Mish()), Of(new Sigmoid()), Of(new LogSigmoid()), Of(new Hardsigmoid(), -3, 3), Of(new Hardswish(), -3, 3),
            Of(new Hardtanh(-0.5, 0.75), -0.5f, 0.75f), Of(new Tanh()), Of(new Tanhshrink()),
        Of(new Softplus(2, 15), 7.5f), Of(new Softsign()), Of(new Softshrink(0.25), -0.25f, 0.25f), Of(new Hardshrink(0.75), -0.75f, 0.75f),
            Of(new Threshold(0.5, -2), 0.5f),
    ];

    internal static ActivationCase Named(string name) => All.Single(one => one.Name == name);

    internal abstract string Name { get; }

    internal abstract IReadOnlyList<float> Kinks { get; }

    internal abstract VectorFunction Value { get; }

    internal abstract VectorFunction Derivative { get; }

    /// <summary>What goes back from a gradient at every place.</summary>
    internal abstract VectorFunction Gradient(float gradient);

    internal abstract Tensor Compose(Tensor x);

    /// <summary>Calls a visitor with the activation's own type.</summary>
    internal abstract TResult Accept<TResult>(IActivationVisitor<TResult> visitor);

    private static ActivationCase Of<TActivation>(TActivation activation, params float[] kinks)
        where TActivation : unmanaged, IActivation => new Case<TActivation>(activation, kinks);

    private sealed class Case<TActivation>(TActivation activation, float[] kinks) : ActivationCase
        where TActivation : unmanaged, IActivation
    {
        internal override string Name => typeof(TActivation).Name;

        internal override IReadOnlyList<float> Kinks => kinks;

        internal override VectorFunction Value => new ValueOf(activation);

        internal override VectorFunction Derivative => new DerivativeOf(activation);

        internal override VectorFunction Gradient(float gradient) => new GradientOf(activation, gradient);

        internal override Tensor Compose(Tensor x) => activation.Compose(x);

        internal override TResult Accept<TResult>(IActivationVisitor<TResult> visitor) => visitor.Visit(activation);

        private sealed class ValueOf(TActivation activation) : VectorFunction
        {
            protected override TVector Apply<TVector>(TVector x) => activation.Value(x);
        }

        private sealed class GradientOf(TActivation activation, float gradient) : VectorFunction
        {
            protected override TVector Apply<TVector>(TVector x) => ActivationGradient.Of(activation, TVector.Broadcast(gradient), x);
        }

        private sealed class DerivativeOf(TActivation activation) : VectorFunction
        {
            protected override TVector Apply<TVector>(TVector x) => activation.Derivative(x);
        }
    }
}

/// <summary>What is done with an activation of whatever type.</summary>
internal interface IActivationVisitor<TResult>
{
    TResult Visit<TActivation>(TActivation activation)
        where TActivation : unmanaged, IActivation;
}

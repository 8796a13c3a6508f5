#if SOURCENET_MODELING // The compiler's components have the same enum, from this file.
namespace SourceNet.Modeling;
#else
namespace SourceNet;
#endif

/// <summary>Every activation that TorchSharp has. Formulas are PyTorch's.</summary>
public enum ActivationKind
{
    /// <summary>No activation: switches off the class's default for a block.</summary>
    None,
    /// <summary><c>max(0, x)</c></summary>
    ReLU,
    /// <summary><c>min(max(0, x), 6)</c></summary>
    ReLU6,
    /// <summary><c>x</c> above 0, <c>Slope · x</c> below (0.01).</summary>
    LeakyReLU,
    /// <summary>LeakyReLU with a learned slope (starts at 0.25).</summary>
    PReLU,
    /// <summary>LeakyReLU with a slope for each element: drawn from [Lower, Upper] in train mode, their mean in eval mode (1/8, 1/3).</summary>
    RReLU,
    /// <summary><c>x</c> above 0, <c>Alpha · (eˣ − 1)</c> below (1).</summary>
    ELU,
    /// <summary><c>max(0, x) + min(0, Alpha · (e^(x/Alpha) − 1))</c> (1).</summary>
    CELU,
    /// <summary>The self-normalising ELU; pair it with alpha dropout.</summary>
    SELU,
    /// <summary><c>x · Φ(x)</c>; with <c>Approximate = true</c> the tanh formula.</summary>
    GELU,
    /// <summary><c>x · σ(x)</c>, also called swish.</summary>
    SiLU,
    /// <summary><c>x · tanh(softplus(x))</c></summary>
    Mish,
    /// <summary><c>1 / (1 + e⁻ˣ)</c></summary>
    Sigmoid,
    /// <summary><c>log σ(x)</c></summary>
    LogSigmoid,
    /// <summary><c>clamp(x/6 + 1/2, 0, 1)</c></summary>
    Hardsigmoid,
    /// <summary><c>x · clamp(x/6 + 1/2, 0, 1)</c></summary>
    Hardswish,
    /// <summary><c>clamp(x, Minimum, Maximum)</c> (−1, 1).</summary>
    Hardtanh,
    /// <summary><c>tanh(x)</c></summary>
    Tanh,
    /// <summary><c>x − tanh(x)</c></summary>
    Tanhshrink,
    /// <summary><c>log(1 + e^(Beta·x)) / Beta</c>, linear above <c>Threshold</c> (1, 20).</summary>
    Softplus,
    /// <summary><c>x / (1 + |x|)</c></summary>
    Softsign,
    /// <summary>Shrinks by <c>Lambda</c> towards 0 (0.5).</summary>
    Softshrink,
    /// <summary>0 inside <c>[−Lambda, Lambda]</c>, else <c>x</c> (0.5).</summary>
    Hardshrink,
    /// <summary><c>x</c> above <c>Threshold</c>, else <c>Value</c> (0, 0).</summary>
    Threshold,
    /// <summary><c>a · σ(b)</c> on the two halves of the channel or feature axis, which halves.</summary>
    GLU,
}

#if SOURCENET_MODELING
/// <summary>What generator and rules know of each activation. The compiler names a kind that this table lacks.</summary>
public static class ActivationKinds
{
    /// <summary>Whether it gives nearly nothing below 0, so that logits behind it cannot fall.</summary>
    public static bool IsFlatBelow0(this ActivationKind kind) => Of(kind).IsFlatBelow0;

    /// <summary>Whether generated code may call a function of TorchSharp. Otherwise the structure of the run time composes it.</summary>
    public static bool HasFunction(this ActivationKind kind) => Of(kind).HasFunction;

#pragma warning disable CS8524 // What is left are numbers that are no kind, which throws; CS8509 names a kind that is not covered.
    private static (bool IsFlatBelow0, bool HasFunction) Of(ActivationKind kind) => kind switch
    {
        ActivationKind.None => (IsFlatBelow0: false, HasFunction: false),
        ActivationKind.ReLU => (IsFlatBelow0: true, HasFunction: true),
        ActivationKind.ReLU6 => (IsFlatBelow0: true, HasFunction: true),
        ActivationKind.LeakyReLU => (IsFlatBelow0: false, HasFunction: true),
        ActivationKind.PReLU => (IsFlatBelow0: false, HasFunction: true),
        ActivationKind.RReLU => (IsFlatBelow0: false, HasFunction: true),
        ActivationKind.ELU => (IsFlatBelow0: true, HasFunction: true),
        ActivationKind.CELU => (IsFlatBelow0: true, HasFunction: true),
        ActivationKind.SELU => (IsFlatBelow0: true, HasFunction: true),
        ActivationKind.GELU => (IsFlatBelow0: true, HasFunction: true),
        ActivationKind.SiLU => (IsFlatBelow0: true, HasFunction: true),
        ActivationKind.Mish => (IsFlatBelow0: true, HasFunction: true),
        ActivationKind.Sigmoid => (IsFlatBelow0: false, HasFunction: true),
        ActivationKind.LogSigmoid => (IsFlatBelow0: false, HasFunction: true),
        ActivationKind.Hardsigmoid => (IsFlatBelow0: false, HasFunction: true),
        ActivationKind.Hardswish => (IsFlatBelow0: true, HasFunction: true),
        ActivationKind.Hardtanh => (IsFlatBelow0: false, HasFunction: true),
        ActivationKind.Tanh => (IsFlatBelow0: false, HasFunction: true),
        ActivationKind.Tanhshrink => (IsFlatBelow0: false, HasFunction: true),
        ActivationKind.Softplus => (IsFlatBelow0: true, HasFunction: true),
        // TorchSharp's function of a number hands libtorch one that the garbage collector may free while it is read.
        ActivationKind.Softsign => (IsFlatBelow0: false, HasFunction: false),
        ActivationKind.Softshrink => (IsFlatBelow0: false, HasFunction: true),
        ActivationKind.Hardshrink => (IsFlatBelow0: false, HasFunction: true),
        ActivationKind.Threshold => (IsFlatBelow0: false, HasFunction: true),
        ActivationKind.GLU => (IsFlatBelow0: false, HasFunction: true),
    };
#pragma warning restore CS8524
}
#endif

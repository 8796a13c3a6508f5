using static SourceNet.ActivationKind;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

/// <summary>A block for every activation, with settings that are not the usual ones where there are any.</summary>
[Model, Input(8)]
public sealed partial class ActivationZoo
{
    [Residual, Linear(8), Activation(ReLU)]
    private partial Tensor Block01(Tensor x);

    [Residual, Linear(8), Activation(ReLU6)]
    private partial Tensor Block02(Tensor x);

    [Residual, Linear(8), Activation(LeakyReLU, Slope = 0.3)]
    private partial Tensor Block03(Tensor x);

    [Residual, Linear(8), Activation(PReLU, Slope = 0.4)]
    private partial Tensor Block04(Tensor x);

    [Residual, Linear(8), Activation(RReLU, Lower = 0.1, Upper = 0.5)]
    private partial Tensor Block05(Tensor x);

    [Residual, Linear(8), Activation(ELU, Alpha = 1.3)]
    private partial Tensor Block06(Tensor x);

    [Residual, Linear(8), Activation(CELU, Alpha = 0.8)]
    private partial Tensor Block07(Tensor x);

    [Residual, Linear(8), Activation(SELU)]
    private partial Tensor Block08(Tensor x);

    [Residual, Linear(8), Activation(GELU)]
    private partial Tensor Block09(Tensor x);

    [Residual, Linear(8), Activation(GELU, Approximate = true)]
    private partial Tensor Block10(Tensor x);

    [Residual, Linear(8), Activation(SiLU)]
    private partial Tensor Block11(Tensor x);

    [Residual, Linear(8), Activation(Mish)]
    private partial Tensor Block12(Tensor x);

    [Residual, Linear(8), Activation(Sigmoid)]
    private partial Tensor Block13(Tensor x);

    [Residual, Linear(8), Activation(LogSigmoid)]
    private partial Tensor Block14(Tensor x);

    [Residual, Linear(8), Activation(Hardsigmoid)]
    private partial Tensor Block15(Tensor x);

    [Residual, Linear(8), Activation(Hardswish)]
    private partial Tensor Block16(Tensor x);

    [Residual, Linear(8), Activation(Hardtanh, Minimum = -0.5, Maximum = 2)]
    private partial Tensor Block17(Tensor x);

    [Residual, Linear(8), Activation(Tanh)]
    private partial Tensor Block18(Tensor x);

    [Residual, Linear(8), Activation(Tanhshrink)]
    private partial Tensor Block19(Tensor x);

    [Residual, Linear(8), Activation(Softplus, Beta = 2, Threshold = 5)]
    private partial Tensor Block20(Tensor x);

    [Residual, Linear(8), Activation(Softsign)]
    private partial Tensor Block21(Tensor x);

    [Residual, Linear(8), Activation(Softshrink, Lambda = 0.05)]
    private partial Tensor Block22(Tensor x);

    [Residual, Linear(8), Activation(Hardshrink, Lambda = 0.02)]
    private partial Tensor Block23(Tensor x);

    [Residual, Linear(8), Activation(Threshold, Threshold = -0.1, Value = -0.2)]
    private partial Tensor Block24(Tensor x);

    [Linear(8), Activation(GLU)]
    private partial Tensor Block25(Tensor x);

    [Linear(4), Output]
    private partial Tensor Logits(Tensor x);
}

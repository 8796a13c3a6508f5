using SourceNet.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Tests.Layers;

public class FeedForwardTests
{
    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Softplus(double x) => Math.Log(1 + Math.Exp(x));

    /// <summary>Φ by Simpson's rule over the density from 0 to x.</summary>
    private static double NormalCdf(double x)
    {
        const int Steps = 2000;
        double Density(double t) => Math.Exp(-t * t / 2) / Math.Sqrt(2 * Math.PI);
        var (sum, width) = (Density(0) + Density(x), x / Steps);
        for (var step = 1; step < Steps; step++)
        {
            sum += Density(step * width) * (step % 2 == 1 ? 4 : 2);
        }

        return 0.5 + sum * width / 3;
    }

    private static double Activate(ActivationKind kind, double x) => kind switch
    {
        ActivationKind.ReLU or ActivationKind.Threshold => Math.Max(0, x),
        ActivationKind.ReLU6 => Math.Clamp(x, 0, 6),
        ActivationKind.LeakyReLU => x > 0 ? x : 0.01 * x,
        ActivationKind.ELU or ActivationKind.CELU => x > 0 ? x : Math.Exp(x) - 1,
        ActivationKind.SELU => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (Math.Exp(x) - 1)),
        ActivationKind.GELU => x * NormalCdf(x),
        ActivationKind.SiLU => x * Sigmoid(x),
        ActivationKind.Mish => x * Math.Tanh(Softplus(x)),
        ActivationKind.Sigmoid => Sigmoid(x),
        ActivationKind.LogSigmoid => -Softplus(-x),
        ActivationKind.Hardsigmoid => Math.Clamp(x / 6 + 0.5, 0, 1),
        ActivationKind.Hardswish => x * Math.Clamp(x / 6 + 0.5, 0, 1),
        ActivationKind.Hardtanh => Math.Clamp(x, -1, 1),
        ActivationKind.Tanh => Math.Tanh(x),
        ActivationKind.Tanhshrink => x - Math.Tanh(x),
        ActivationKind.Softplus => Softplus(x),
        ActivationKind.Softsign => x / (1 + Math.Abs(x)),
        ActivationKind.Softshrink => Math.Sign(x) * Math.Max(Math.Abs(x) - 0.5, 0),
        ActivationKind.Hardshrink => Math.Abs(x) > 0.5 ? x : 0,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static double[] Linear(Linear linear, double[] input)
    {
        var (weight, bias) = (linear.weight.Values(), linear.bias?.Values());
        var (rows, columns) = ((int)linear.weight.size(0), (int)linear.weight.size(1));
        var output = new double[input.Length / columns * rows];
        for (var n = 0; n < input.Length / columns; n++)
        {
            for (var row = 0; row < rows; row++)
            {
                output[n * rows + row] = bias?[row] ?? 0;
                for (var column = 0; column < columns; column++)
                {
                    output[n * rows + row] += weight[row * columns + column] * input[n * columns + column];
                }
            }
        }

        return output;
    }

    private static readonly ActivationKind[] s_unsuitable =
        [ActivationKind.None, ActivationKind.PReLU, ActivationKind.RReLU, ActivationKind.GLU];

    public static TheoryData<ActivationKind> Suitable => [.. Enum.GetValues<ActivationKind>().Except(s_unsuitable)];

    [Theory]
    [MemberData(nameof(Suitable))]
    public void Computes_the_formula_with_every_elementwise_activation(ActivationKind kind)
    {
        using var layer = new FeedForward(3, 7, kind, dropout: 0.5).to(ScalarType.Float64);
        layer.eval();
        using var input = Samples.Normal(1, 2, 4, 3) * 3;
        double[] activated = [.. Linear(layer.up, input.Values()).Select(x => Activate(kind, x))];
        Samples.Close(Linear(layer.down, activated), layer.call(input), 1e-10);
    }

    [Fact]
    public void An_activation_that_is_not_elementwise_is_refused_by_name()
    {
        foreach (var kind in s_unsuitable)
        {
            Assert.Contains(kind.ToString(), Assert.Throws<ArgumentException>(() => new FeedForward(3, 7, kind)).Message);
        }
    }

    [Fact]
    public void Gradients_match_finite_differences()
    {
        using var layer = new FeedForward(3, 5).to(ScalarType.Float64);
        using var input = Samples.Normal(1, 2, 3).requires_grad_();
        FiniteDifferences.Check(() => layer.call(input), [input, .. layer.parameters()]);
    }

    [Fact]
    public void Dropout_sits_after_the_activation_and_keeps_the_mean()
    {
        using var layer = new FeedForward(1, 1, ActivationKind.ReLU, dropout: 0.25, bias: false).to(ScalarType.Float64);
        using (no_grad())
        {
            layer.up.weight.fill_(1);
            layer.down.weight.fill_(1);
        }

        using var input = ones(40_000, 1, ScalarType.Float64);
        var values = layer.call(input).Values();
        Assert.Equal([0.0, 4.0 / 3], values.Distinct().Order().ToArray());
        Assert.InRange(values.Count(value => value == 0) / 40_000.0, 0.235, 0.265);
    }

    [Fact]
    public void SwiGlu_computes_the_formula()
    {
        using var layer = new SwiGlu(3, 7, bias: true).to(ScalarType.Float64);
        using var input = Samples.Normal(1, 2, 4, 3);
        var (gate, up) = (Linear(layer.gate, input.Values()), Linear(layer.up, input.Values()));
        double[] product = [.. gate.Zip(up, (g, u) => g * Sigmoid(g) * u)];
        Samples.Close(Linear(layer.down, product), layer.call(input), 1e-12);
    }

    [Fact]
    public void Gradients_of_SwiGlu_match_finite_differences()
    {
        using var layer = new SwiGlu(3, 5).to(ScalarType.Float64);
        using var input = Samples.Normal(1, 2, 3).requires_grad_();
        FiniteDifferences.Check(() => layer.call(input), [input, .. layer.parameters()]);
    }

    [Fact]
    public void Another_size_is_refused_with_both()
    {
        using var feedForward = new FeedForward(3, 5);
        using var swiGlu = new SwiGlu(3, 5);
        foreach (var layer in new Layer[] { feedForward, swiGlu })
        {
            var error = Assert.Throws<ArgumentException>(() => layer.call(zeros(2, 4)));
            Assert.Contains("[..., 3]", error.Message);
            Assert.Contains("[2, 4]", error.Message);
        }
    }
}

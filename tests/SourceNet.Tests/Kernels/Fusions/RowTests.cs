using SourceNet.Activations;
using SourceNet.Kernels.Elements;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Rows;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Tests.Kernels.Fusions;

/// <summary>Norms over rows with activation and dropout: result and gradients of the kernel against operators in double precision.</summary>
public sealed class RowTests
{
    private const double Eps = 1e-3;

    /// <summary>One, primes, and around every width of vectors.</summary>
    private static readonly long[][] s_shapes =
        [[1, 1], [1, 3], [2, 4], [3, 5], [2, 7], [5, 8], [3, 9], [2, 15], [7, 16], [3, 17], [1, 31], [2, 32], [3, 33], [2, 3, 63], [2, 64], [1, 65], [130, 127], [67, 128], [3, 1031], [2, 5000]];

    public static TheoryData<string, string> Compositions
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (var norm in new[] { "RMS", "Layer", "none" })
            {
                foreach (var activation in ActivationList.Names)
                {
                    data.Add(norm, activation);
                }
            }

            return data;
        }
    }

    /// <summary>The kernel's call and its operators. Inputs are x, weight and bias.</summary>
    internal sealed class Operation(string norm, double rate) : IActivationVisitor<(Func<Tensor?[], Tensor> Kernel, Func<Tensor?[], Tensor> Operators)>
    {
        private readonly KeepMask? mask = rate > 0 ? new KeepMask(17, rate) : null;

        public (Func<Tensor?[], Tensor> Kernel, Func<Tensor?[], Tensor> Operators) Visit<TActivation>(TActivation activation)
            where TActivation : unmanaged, IActivation =>
            (
                inputs => norm switch
                {
                    "RMS" => new RowOperation<RootMeanSquare, TActivation>([inputs[0]!.shape[^1]], Eps, activation, mask).ApplySingle(inputs),
                    "Layer" => new RowOperation<Standard, TActivation>([inputs[0]!.shape[^1]], Eps, activation, mask).ApplySingle(inputs),
                    _ => new ElementOperation<TActivation>(activation, mask).ApplySingle(inputs[0]),
                },
                inputs =>
                {
                    var x = inputs[0]!;
                    var normalized = norm switch
                    {
                        "RMS" => x * (x.square().mean([-1], keepdim: true) + Eps).rsqrt() * (inputs[1] ?? ones(1, x.dtype)),
                        "Layer" => nn.functional.layer_norm(x, [x.shape[^1]], inputs[1], inputs[2], Eps),
                        _ => x,
                    };
                    var result = activation.Compose(normalized);
                    return mask is { } drawn ? result * MaskTensor.Of(drawn, result) : result;
                }
            );
    }

    internal static Tensor?[] Inputs(string norm, long[] shape, bool plain = false)
    {
        // Odd shapes get a large mean as well.
        var x = ((randn(shape) * 1.5) + (shape[^1] % 2 == 1 ? 10 : 0)).requires_grad_(true);
        var weight = norm == "none" || plain ? null : ((randn(shape[^1]) * 0.5) + 1).requires_grad_(true);
        return [x, weight, norm == "Layer" && !plain ? randn(shape[^1]).requires_grad_(true) : null];
    }

    [Theory]
    [MemberData(nameof(Compositions))]
    public void Results_and_gradients_are_right_for_every_shape(string norm, string activation)
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var (kernel, operators) = ActivationList.Visit(activation, new Operation(norm, rate: 0));
        foreach (var shape in s_shapes)
        {
            // Over few numbers a norm multiplies what was rounded with up to 1/√eps, which is 32.
            Comparison.Check(kernel, operators, Inputs(norm, shape), slack: 60);
        }
    }

    [Theory]
    [MemberData(nameof(Compositions))]
    public void Dropout_takes_part(string norm, string activation)
    {
        using var scope = NewDisposeScope();
        manual_seed(6);
        var (kernel, operators) = ActivationList.Visit(activation, new Operation(norm, rate: 0.4));
        foreach (var shape in new long[][] { [1, 1], [3, 17], [130, 127], [2, 3, 64] })
        {
            Comparison.Check(kernel, operators, Inputs(norm, shape));
        }
    }

    [Theory]
    [InlineData("RMS")]
    [InlineData("Layer")]
    public void A_norm_needs_neither_scale_nor_shift(string norm)
    {
        using var scope = NewDisposeScope();
        var (kernel, operators) = ActivationList.Visit("SiLU", new Operation(norm, rate: 0.2));
        Comparison.Check(kernel, operators, Inputs(norm, [37, 45], plain: true));
    }

    [Theory]
    [InlineData("RMS")]
    [InlineData("Layer")]
    [InlineData("none")]
    public void A_gradient_that_is_one_number_expanded_counts_for_every_element(string norm)
    {
        using var scope = NewDisposeScope();
        var (kernel, operators) = ActivationList.Visit("GELU", new Operation(norm, rate: 0.2));
        Comparison.Check(kernel, operators, Inputs(norm, [37, 45]), expand: true);
    }

    [Theory]
    [InlineData("RMS")]
    [InlineData("Layer")]
    public void Many_rows_lose_no_precision(string norm)
    {
        using var scope = NewDisposeScope();
        var (kernel, operators) = ActivationList.Visit("Identity", new Operation(norm, rate: 0));
        // All rows of one sign: the sums for weight and bias grow large.
        var inputs = Inputs(norm, [50_000, 8]);
        Comparison.Check(kernel, operators, inputs, expand: true);
    }

    [Theory]
    [InlineData("RMS")]
    [InlineData("Layer")]
    [InlineData("none")]
    public void What_is_no_number_spreads_as_in_libtorch(string norm)
    {
        using var scope = NewDisposeScope();
        var (kernel, operators) = ActivationList.Visit("ReLU", new Operation(norm, rate: 0.5));
        foreach (var odd in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            var inputs = Inputs(norm, [6, 40]);
            using (no_grad())
            {
                inputs[0]![2, 3] = odd;
                inputs[0]![4, 39] = odd;
            }

            Comparison.Check(kernel, operators, inputs);
        }
    }

    [Theory]
    [InlineData("RMS")]
    [InlineData("Layer")]
    [InlineData("none")]
    public void Gradients_are_the_slopes_of_results(string norm)
    {
        using var scope = NewDisposeScope();
        manual_seed(8);
        var (kernel, _) = ActivationList.Visit("SiLU", new Operation(norm, rate: 0.3));
        var inputs = Inputs(norm, [4, 24]);
        var direction = inputs.Select(input => input is null ? null : randn_like(input.detach())).ToArray();
        var (_, gradients) = Comparison.Run(kernel, inputs, expand: true);
        var slope = direction.Zip(gradients).Sum(pair => pair.First is null ? 0 : (pair.First * pair.Second!).sum().item<float>());

        var step = 2e-2;
        var difference = (Sum(step) - Sum(-step)) / (2 * step);

        Assert.InRange(difference, slope - (2e-2 * (1 + Math.Abs(slope))), slope + (2e-2 * (1 + Math.Abs(slope))));

        double Sum(double size)
        {
            using var ungraded = no_grad();
            return kernel([.. inputs.Zip(direction, (input, along) => input is null ? null : input + (along! * size))]).sum(ScalarType.Float64).item<double>();
        }
    }

    /// <summary>A residual before the norm. What is tested of two outputs is a weighted sum of both, of the result alone, or of the sum alone.</summary>
    [Theory]
    [InlineData("RMS", 1, 1)]
    [InlineData("RMS", 1, 0)]
    [InlineData("RMS", 0, 1)]
    [InlineData("Layer", 1, 1)]
    [InlineData("Layer", 1, 0)]
    [InlineData("Layer", 0, 1)]
    public void A_residual_is_added_first_and_the_sum_is_a_result_too(string norm, double result, double sum)
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        foreach (var shape in new long[][] { [1, 1], [3, 17], [130, 127], [2, 3, 64] })
        {
            var mask = new KeepMask(17, 0.3);
            Tensor?[] inputs = [.. Inputs(norm, shape), randn(shape).requires_grad_(true)];
            Comparison.Check(
                given => Total(norm == "RMS"
                    ? new RowOperation<RootMeanSquare, SiLU>([shape[^1]], Eps, default, mask).Apply(given)
                    : new RowOperation<Standard, SiLU>([shape[^1]], Eps, default, mask).Apply(given)),
                given =>
                {
                    var added = given[0]! + given[3]!;
                    var normalized = norm == "RMS"
                        ? added * (added.square().mean([-1], keepdim: true) + Eps).rsqrt() * given[1]!
                        : nn.functional.layer_norm(added, [shape[^1]], given[1], given[2], Eps);
                    var activated = nn.functional.silu(normalized);
                    return Total([activated * MaskTensor.Of(mask, activated), added]);
                },
                result == 0 ? [inputs[0], inputs[1]!.detach(), inputs[2]?.detach(), inputs[3]] : inputs,
                slack: 60);
        }

        Tensor Total(Tensor[] outputs) => result == 0 ? outputs[1] * sum : sum == 0 ? outputs[0] * result : (outputs[0] * result) + (outputs[1] * sum);
    }
}

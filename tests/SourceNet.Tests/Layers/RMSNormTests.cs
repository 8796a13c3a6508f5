using SourceNet.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Tests.Layers;

public class RMSNormTests
{
    private static double[] Reference(double[] input, double[] weight, double eps)
    {
        var width = weight.Length;
        var output = new double[input.Length];
        for (var row = 0; row < input.Length / width; row++)
        {
            var squares = 0.0;
            for (var i = 0; i < width; i++)
            {
                squares += input[row * width + i] * input[row * width + i];
            }

            for (var i = 0; i < width; i++)
            {
                output[row * width + i] = input[row * width + i] / Math.Sqrt(squares / width + eps) * weight[i];
            }
        }

        return output;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(33)]
    public void Computes_the_formula(long features)
    {
        using var norm = new RMSNorm(features, eps: 1e-3).to(ScalarType.Float64);
        norm.weight!.Fill(Samples.Normal(2, features).Values());
        using var input = Samples.Normal(1, 2, 5, features);
        Samples.Close(Reference(input.Values(), norm.weight!.Values(), 1e-3), norm.call(input));
    }

    [Fact]
    public void Normalizes_over_several_axes_together()
    {
        using var norm = new RMSNorm([3, 4]).to(ScalarType.Float64);
        norm.weight!.Fill(Samples.Normal(2, 3, 4).Values());
        using var input = Samples.Normal(1, 5, 3, 4);
        Samples.Close(Reference(input.Values(), norm.weight!.Values(), 1e-5), norm.call(input));
    }

    [Fact]
    public void Without_a_scale_there_is_no_parameter()
    {
        using var norm = new RMSNorm(4, affine: false);
        Assert.Null(norm.weight);
        using var input = Samples.Normal(1, 2, 4);
        Samples.Close(Reference(input.Values(), [1, 1, 1, 1], 1e-5), norm.call(input));
    }

    [Fact]
    public void Gradients_match_finite_differences()
    {
        using var norm = new RMSNorm(5).to(ScalarType.Float64);
        norm.weight!.Fill(Samples.Normal(2, 5).Values());
        using var input = Samples.Normal(1, 3, 5).requires_grad_();
        FiniteDifferences.Check(() => norm.call(input), input, norm.weight!);
    }

    [Fact]
    public void Half_precision_does_not_overflow_in_the_square()
    {
        using var norm = new RMSNorm(4).to(ScalarType.Float16);
        using var input = full([1, 4], 1000.0, ScalarType.Float16);
        using var output = norm.call(input);
        Assert.Equal(ScalarType.Float16, output.dtype);
        Samples.Close([1, 1, 1, 1], output, 1e-3);
    }

    [Fact]
    public void Another_size_is_refused_with_both_shapes()
    {
        using var norm = new RMSNorm([3, 4]);
        using var input = zeros(2, 4, 3);
        var error = Assert.Throws<ArgumentException>(() => norm.call(input));
        Assert.Contains("[3, 4]", error.Message);
        Assert.Contains("[2, 4, 3]", error.Message);
        Assert.Throws<ArgumentException>(() => new RMSNorm([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RMSNorm(4, eps: -1));
    }
}

using SourceNet.CompilerServices;
using SourceNet.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Tests.Layers;

public class WeightTransformTests
{
    private static Parameter Weight(params long[] shape) => new(Samples.Normal(1, shape));

    /// <summary>The index of the unit that an element belongs to.</summary>
    private static int Unit(int index, long[] shape, int axis)
    {
        var below = (int)shape[(axis + 1)..].Aggregate(1L, (product, size) => product * size);
        return index / below % (int)shape[axis];
    }

    private static double[] UnitNorms(double[] values, long[] shape, int axis)
    {
        var squares = new double[shape[axis]];
        for (var index = 0; index < values.Length; index++)
        {
            squares[Unit(index, shape, axis)] += values[index] * values[index];
        }

        return [.. squares.Select(Math.Sqrt)];
    }

    [Theory]
    [InlineData(0, 4, 6)]
    [InlineData(0, 3, 2, 3, 3)]
    [InlineData(1, 3, 2, 3, 3)]
    public void WeightNorm_changes_nothing_at_first(int axis, params int[] sizes)
    {
        long[] shape = [.. sizes];
        using var weight = Weight(shape);
        using var norm = new WeightNorm(weight, axis);
        Assert.Equal(shape[axis], norm.magnitude.numel());
        Assert.Equal(shape.Length, norm.magnitude.ndim);
        Samples.Close(UnitNorms(weight.Values(), shape, axis), norm.magnitude);
        Samples.Close(weight.Values(), norm.call(weight));
    }

    [Theory]
    [InlineData(0, 4, 6)]
    [InlineData(1, 3, 2, 3, 3)]
    public void WeightNorm_computes_the_formula(int axis, params int[] sizes)
    {
        long[] shape = [.. sizes];
        using var start = Weight(shape);
        using var norm = new WeightNorm(start, axis);
        norm.magnitude.Fill(Samples.Normal(3, shape[axis]).Values());
        using var weight = Samples.Normal(2, shape);
        var (values, lengths, magnitudes) = (weight.Values(), UnitNorms(weight.Values(), shape, axis), norm.magnitude.Values());
        double[] expected = [.. values.Select((value, index) => value / lengths[Unit(index, shape, axis)] * magnitudes[Unit(index, shape, axis)])];
        Samples.Close(expected, norm.call(weight));
    }

    [Theory]
    [InlineData(0, 4, 3)]
    [InlineData(1, 3, 2, 2, 2)]
    public void Gradients_of_WeightNorm_match_finite_differences(int axis, params int[] sizes)
    {
        long[] shape = [.. sizes];
        using var weight = Weight(shape);
        using var norm = new WeightNorm(weight, axis);
        norm.magnitude.Fill(Samples.Normal(3, shape[axis]).Values());
        FiniteDifferences.Check(() => norm.call(weight), weight, norm.magnitude);
    }

    [Fact]
    public void WeightNorm_of_a_transposed_convolution_with_groups_has_a_length_for_each_output()
    {
        using var scope = NewDisposeScope();
        using var weight = Weight(4, 3, 2);
        using var norm = new WeightNorm(weight, unitAxis: 1, groups: 2);
        Assert.Equal([2, 1, 3, 1], norm.magnitude.shape);
        Samples.Close(weight.Values(), norm.call(weight));

        double[] lengths = [0.5, 1, 2, 3, 4, 5];
        norm.magnitude.Fill(lengths);
        // What each output makes of an impulse on each input.
        var response = nn.functional.conv_transpose1d(eye(4, dtype: ScalarType.Float64).unsqueeze(2), norm.call(weight), groups: 2);
        Samples.Close(lengths, response.square().sum([0, 2]).sqrt());
        FiniteDifferences.Check(() => norm.call(weight), weight, norm.magnitude);
        Assert.Throws<ArgumentException>(() => new WeightNorm(weight, 1, 3));
        Assert.Throws<ArgumentException>(() => norm.call(Weight(4, 2, 2)));
    }

    [Fact]
    public void WeightNorm_of_a_unit_of_zeros_is_zero_with_finite_gradients()
    {
        using var weight = new Parameter(zeros(2, 3));
        using var norm = new WeightNorm(weight);
        using var output = norm.call(weight);
        Assert.All(output.Values(), value => Assert.Equal(0, value));
        output.sum().backward();
        Assert.All(weight.grad!.Values(), value => Assert.True(double.IsFinite(value)));
        Assert.All(norm.magnitude.grad!.Values(), value => Assert.True(double.IsFinite(value)));
    }

    [Fact]
    public void WeightNorm_leaves_the_weight_to_its_owner()
    {
        using var linear = nn.Linear(3, 2);
        using (var norm = new WeightNorm(linear.weight))
        {
            Assert.Equal(["magnitude"], norm.state_dict().Keys);
        }

        Assert.False(linear.weight.IsInvalid);
    }

    /// <summary>The largest singular value of a matrix, by many power iterations on plain arrays.</summary>
    private static double LargestSingularValue(double[] values, int rows)
    {
        var columns = values.Length / rows;
        double[] v = [.. Enumerable.Range(0, columns).Select(index => 1 + 0.1 * index)];
        var sigma = 0.0;
        for (var iteration = 0; iteration < 5000; iteration++)
        {
            var u = new double[rows];
            for (var i = 0; i < rows; i++)
            {
                for (var j = 0; j < columns; j++)
                {
                    u[i] += values[i * columns + j] * v[j];
                }
            }

            sigma = Math.Sqrt(u.Sum(x => x * x)) / Math.Sqrt(v.Sum(x => x * x));
            v = new double[columns];
            for (var i = 0; i < rows; i++)
            {
                for (var j = 0; j < columns; j++)
                {
                    v[j] += values[i * columns + j] * u[i];
                }
            }

            var length = Math.Sqrt(v.Sum(x => x * x));
            v = [.. v.Select(x => x / length)];
        }

        return sigma;
    }

    [Theory]
    [InlineData(5, 4)]
    [InlineData(3, 7)]
    [InlineData(4, 2, 3, 3)]
    public void SpectralNorm_divides_by_the_largest_singular_value(params int[] sizes)
    {
        long[] shape = [.. sizes];
        using var weight = Weight(shape);
        using var norm = new SpectralNorm(weight);
        for (var pass = 0; pass < 300; pass++)
        {
            norm.call(weight).Dispose();
        }

        norm.eval();
        var sigma = LargestSingularValue(weight.Values(), (int)shape[0]);
        Samples.Close([.. weight.Values().Select(value => value / sigma)], norm.call(weight), 1e-10);
    }

    [Fact]
    public void SpectralNorm_takes_the_units_of_a_transposed_convolution_from_axis_1()
    {
        using var weight = Weight(3, 4, 2, 2);
        using var norm = new SpectralNorm(weight, iterations: 300, unitAxis: 1);
        Assert.Equal(4, norm.get_buffer("u")!.numel());
        Assert.Equal(12, norm.get_buffer("v")!.numel());
        using var output = norm.call(weight);
        using var matrix = weight.permute(1, 0, 2, 3).reshape(4, 12);
        var sigma = LargestSingularValue(matrix.Values(), 4);
        Samples.Close([.. weight.Values().Select(value => value / sigma)], output, 1e-10);
    }

    [Fact]
    public void SpectralNorm_is_a_good_estimate_from_the_start()
    {
        using var weight = Weight(16, 16);
        using var norm = new SpectralNorm(weight);
        norm.eval();
        using var output = norm.call(weight);
        Assert.InRange(LargestSingularValue(output.Values(), 16), 0.99999, 1.15);
    }

    [Fact]
    public void SpectralNorm_rests_in_eval_mode_and_moves_in_train_mode()
    {
        using var weight = Weight(6, 6);
        using var norm = new SpectralNorm(weight);
        double[] U() => norm.get_buffer("u")!.Values();
        var before = U();
        norm.eval();
        norm.call(weight).Dispose();
        Assert.Equal(before, U());
        norm.train();
        norm.call(weight).Dispose();
        Assert.NotEqual(before, U());
    }

    [Fact]
    public void Gradients_of_SpectralNorm_match_finite_differences()
    {
        // In eval mode u and v are constants: the gradient goes through the weight and through uᵀWv.
        using var weight = Weight(4, 3);
        using var norm = new SpectralNorm(weight);
        norm.eval();
        FiniteDifferences.Check(() => norm.call(weight), weight);
    }

    [Fact]
    public void SpectralNorm_allows_two_passes_before_the_gradients()
    {
        using var weight = Weight(4, 3);
        using var norm = new SpectralNorm(weight);
        using var first = norm.call(weight);
        using var second = norm.call(weight);
        (first.sum() + second.sum()).backward();
        Assert.NotNull(weight.grad);
    }

    [Fact]
    public void Weights_that_are_no_matrix_are_refused()
    {
        using var vector = Weight(4);
        using var matrix = Weight(4, 3);
        Assert.Contains("[4]", Assert.Throws<ArgumentException>(() => new WeightNorm(vector)).Message);
        Assert.Contains("[4]", Assert.Throws<ArgumentException>(() => new SpectralNorm(vector)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new WeightNorm(matrix, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SpectralNorm(matrix, unitAxis: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SpectralNorm(matrix, iterations: 0));

        using var weightNorm = new WeightNorm(matrix);
        using var spectralNorm = new SpectralNorm(matrix);
        Assert.Contains("[3, 4]", Assert.Throws<ArgumentException>(() => weightNorm.call(zeros(3, 4))).Message);
        Assert.Contains("[3, 4]", Assert.Throws<ArgumentException>(() => spectralNorm.call(zeros(3, 4))).Message);
    }
}

using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Tests.Optimizers;

public class WeightConstraintTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Max_norm_shortens_long_units_and_keeps_the_bits_of_short_ones(int axis)
    {
        using var weight = Weight(new float[,] { { 3, 4 }, { 0.3f, 0.4f }, { 0, 0 } }, axis);
        WeightConstraint.MaxNorm(1, axis).Apply(weight);
        Assert.Equal([0.6f, 0.8f, 0.3f, 0.4f, 0, 0], Units(weight, axis), Near);
        Assert.Equal(0.3f, Units(weight, axis)[2]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Unit_norm_scales_every_unit_but_leaves_zeros(int axis)
    {
        using var weight = Weight(new float[,] { { 3, 4 }, { 0.3f, 0.4f }, { 0, 0 } }, axis);
        WeightConstraint.UnitNorm(axis).Apply(weight);
        Assert.Equal([0.6f, 0.8f, 0.6f, 0.8f, 0, 0], Units(weight, axis), Near);
    }

    [Fact]
    public void A_unit_within_any_bound_keeps_its_bits()
    {
        using var weight = nn.Parameter(rand(8, 5).div_(10));
        var before = weight.data<float>().ToArray();
        for (var bound = 1.0; bound < 100; bound += 0.7)
        {
            WeightConstraint.MaxNorm(bound).Apply(weight);
        }
        Assert.Equal(before, weight.data<float>().ToArray());
    }

    [Fact]
    public void A_unit_of_a_convolution_has_all_its_input_channels_and_places()
    {
        using var weight = nn.Parameter(ones(2, 3, 2, 2));
        WeightConstraint.MaxNorm(1).Apply(weight);
        Assert.Equal(1 / Math.Sqrt(12), weight.data<float>()[0], 6);
    }

    [Fact]
    public void Non_negative_cuts_at_zero_for_any_shape()
    {
        using var weight = nn.Parameter(tensor(new[] { -1f, 0, 2 }));
        WeightConstraint.NonNegative.Apply(weight);
        Assert.Equal([0f, 0, 2], weight.data<float>().ToArray());
    }

    public static TheoryData<long[], int> Shapes => new()
    {
        { [3, 7], 0 }, { [7, 3], 0 }, { [5, 5], 0 }, { [1, 9], 0 }, { [9, 1], 0 }, { [4, 3, 3, 3], 0 }, { [3, 4, 2, 2], 1 },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void Orthogonal_gives_orthonormal_rows_or_columns(long[] shape, int axis)
    {
        using var weight = nn.Parameter(randn(shape, ScalarType.Float64));
        WeightConstraint.Orthogonal(axis).Apply(weight);
        using var matrix = weight.detach().transpose(0, axis).flatten(1);
        using var gram = matrix.shape[0] <= matrix.shape[1] ? matrix.matmul(matrix.t()) : matrix.t().matmul(matrix);
        using var identity = eye(gram.shape[0], dtype: ScalarType.Float64);
        Assert.True(gram.allclose(identity, atol: 1e-10));
    }

    [Fact]
    public void Orthogonal_is_the_nearest_such_matrix()
    {
        manual_seed(3);
        using var original = randn(3, 5, ScalarType.Float64);
        using var weight = nn.Parameter(original.clone());
        WeightConstraint.Orthogonal().Apply(weight);
        var distance = Distance(original, weight.detach());
        for (var trial = 0; trial < 50; trial++)
        {
            // A small turn of the answer is as orthonormal, and must be farther away.
            using var skew = randn(5, 5, ScalarType.Float64) * 0.05;
            using var turn = matrix_exp(skew - skew.t());
            Assert.True(Distance(original, weight.detach().matmul(turn)) > distance);
        }

        static double Distance(Tensor one, Tensor other) => (one - other).pow(2).sum().item<double>();
    }

    [Fact]
    public void Orthogonal_leaves_a_rotation_alone_and_works_in_half_precision()
    {
        using var rotation = nn.Parameter(tensor(new float[,] { { 0.6f, -0.8f }, { 0.8f, 0.6f } }));
        WeightConstraint.Orthogonal().Apply(rotation);
        Assert.Equal([0.6f, -0.8f, 0.8f, 0.6f], rotation.data<float>().ToArray(), Near);

        using var half = nn.Parameter(randn(4, 4).to(ScalarType.BFloat16));
        WeightConstraint.Orthogonal().Apply(half);
        using var gram = half.detach().to(ScalarType.Float32).matmul(half.detach().to(ScalarType.Float32).t());
        Assert.True(gram.allclose(eye(4), atol: 0.03));
    }

    [Theory]
    [InlineData("unit norm")]
    [InlineData("max norm")]
    [InlineData("orthogonal")]
    public void The_units_of_a_transposed_convolution_with_groups_are_its_outputs(string kind)
    {
        const int Groups = 2;
        using var scope = NewDisposeScope();
        using var weight = nn.Parameter(randn([4, 3, 2], ScalarType.Float64));
        var before = Response();
        (kind switch
        {
            "unit norm" => WeightConstraint.UnitNorm(1, Groups),
            "max norm" => WeightConstraint.MaxNorm(0.9, 1, Groups),
            _ => WeightConstraint.Orthogonal(1, Groups),
        }).Apply(weight);

        var gram = Response().matmul(Response().t());
        var norms = before.square().sum(1).sqrt();
        if (kind == "orthogonal")
        {
            Assert.True(gram.allclose(eye(6, dtype: ScalarType.Float64), atol: 1e-12));
        }
        else
        {
            var expected = kind == "unit norm" ? ones_like(norms) : norms.clamp(max: 0.9);
            Assert.True(gram.diagonal().sqrt().allclose(expected, atol: 1e-12));
            Assert.True(Response().allclose(before * (expected / norms).unsqueeze(1), atol: 1e-12));
        }

        // What each output makes of an impulse on each input: the weights that lead to it, whatever their order in memory.
        Tensor Response() => nn.functional.conv_transpose1d(eye(4, dtype: ScalarType.Float64).unsqueeze(2), weight.detach(), groups: Groups).transpose(0, 1)
            .flatten(1);
    }

    [Fact]
    public void Groups_that_do_not_divide_the_weight_are_refused()
    {
        using var weight = nn.Parameter(ones(4, 3, 2));
        Assert.Contains("3 groups", Assert.Throws<ArgumentException>(() => WeightConstraint.UnitNorm(1, 3).Apply(weight)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => WeightConstraint.Orthogonal(1, 0));
    }

    [Fact]
    public void Several_constraints_apply_in_turn()
    {
        using var weight = nn.Parameter(tensor(new float[,] { { -3, 4 } }));
        WeightConstraint.All(WeightConstraint.NonNegative, WeightConstraint.MaxNorm(1)).Apply(weight);
        Assert.Equal([0f, 1], weight.data<float>().ToArray(), Near);
    }

    [Fact]
    public void Nothing_of_it_is_recorded_for_gradients_or_left_in_memory()
    {
        using var weight = nn.Parameter(randn(4, 6));
        WeightConstraint[] all = [WeightConstraint.None, WeightConstraint.NonNegative, WeightConstraint.MaxNorm(1), WeightConstraint.UnitNorm(),
            WeightConstraint.Orthogonal()];
        var statistics = DisposeScopeManager.Statistics.TensorStatistics;
        var before = statistics.ThreadTotalLiveCount;
        WeightConstraint.All(all).Apply(weight);
        Assert.Equal(before, statistics.ThreadTotalLiveCount);
        Assert.True(weight.is_leaf);
        Assert.True(weight.requires_grad);
        Assert.True(is_grad_enabled());
    }

    [Fact]
    public void Bounds_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => WeightConstraint.MaxNorm(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => WeightConstraint.MaxNorm(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => WeightConstraint.MaxNorm(double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => WeightConstraint.UnitNorm(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradientClip(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WeightRegularization { WeightDecay = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new WeightRegularization { L1 = double.NaN });
        using var bias = nn.Parameter(ones(3));
        Assert.Contains("[3]", Assert.Throws<ArgumentException>(() => WeightConstraint.UnitNorm().Apply(bias)).Message);
        using var weight = nn.Parameter(ones(3, 3));
        Assert.Throws<ArgumentException>(() => WeightConstraint.Orthogonal(2).Apply(weight));
    }

    [Fact]
    public void Equal_constraints_are_equal_and_print_what_they_do()
    {
        Assert.Equal(WeightConstraint.MaxNorm(3), WeightConstraint.MaxNorm(3));
        Assert.NotEqual(WeightConstraint.MaxNorm(3), WeightConstraint.MaxNorm(3, 1));
        Assert.Equal(WeightConstraint.All(WeightConstraint.NonNegative, WeightConstraint.UnitNorm()),
            WeightConstraint.All(WeightConstraint.NonNegative, WeightConstraint.UnitNorm()));
        Assert.Equal("NonNegative, MaxNorm(0.5)", WeightConstraint.All(WeightConstraint.NonNegative, WeightConstraint.MaxNorm(0.5)).ToString());
    }

    private static Parameter Weight(float[,] units, int axis) => nn.Parameter(tensor(units).transpose(0, axis).contiguous());

    private static float[] Units(Parameter weight, int axis) => weight.detach().transpose(0, axis).contiguous().data<float>().ToArray();

    private static bool Near(float one, float other) => Math.Abs(one - other) < 1e-6;
}

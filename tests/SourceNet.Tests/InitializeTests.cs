using SourceNet.CompilerServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Tests;

/// <summary>The numbers that weights start from have the moments of their papers, by formulas of their own.</summary>
public class InitializeTests
{
    /// <summary>A convolution [40, 6, 5, 3] of two groups: 90 come in at a unit, and PyTorch counts 600 that go out.</summary>
    private static Conv2d Convolution() => nn.Conv2d(12, 40, (5, 3), groups: 2);

    public static TheoryData<string, double, double> Recipes => new()
    {
        { nameof(Initialize.Normal), 0.3, double.PositiveInfinity },
        // The variance of a normal that is cut at ±2 is 1 − 4 φ(2) / (2 Φ(2) − 1) = 0.7737.
        { nameof(Initialize.TruncatedNormal), 0.3 * Math.Sqrt(0.7737413), 0.6 },
        { nameof(Initialize.Uniform), 0.3 / Math.Sqrt(3), 0.3 },
        { nameof(Initialize.XavierUniform), 0.3 * Math.Sqrt(2.0 / (90 + 600)), 0.3 * Math.Sqrt(6.0 / (90 + 600)) },
        { nameof(Initialize.XavierNormal), 0.3 * Math.Sqrt(2.0 / (90 + 600)), double.PositiveInfinity },
        { nameof(Initialize.KaimingUniform), 0.3 / Math.Sqrt(90), 0.3 * Math.Sqrt(3.0 / 90) },
        { nameof(Initialize.KaimingNormal), 0.3 / Math.Sqrt(90), double.PositiveInfinity },
    };

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Weights_have_the_mean_the_spread_and_the_bound_of_their_recipe(string recipe, double deviation, double bound)
    {
        manual_seed(11);
        using var layer = Convolution();
        var start = Recipe(recipe);

        // 40 · 6 · 15 = 3600 numbers a draw.
        var numbers = Enumerable.Range(0, 50).SelectMany(_ =>
        {
            start(layer);
            return layer.weight.data<float>().ToArray();
        }).Select(number => (double)number).ToArray();
        var mean = numbers.Average();
        var spread = Math.Sqrt(numbers.Average(number => (number - mean) * (number - mean)));

        Assert.Equal(0, mean, 4 * deviation / Math.Sqrt(numbers.Length));
        Assert.InRange(spread / deviation, 0.99, 1.01);
        Assert.True(numbers.Max(Math.Abs) <= bound * 1.000001);
        Assert.True(double.IsInfinity(bound) ? numbers.Max(Math.Abs) > 3.5 * deviation : numbers.Max(Math.Abs) > 0.98 * bound);
        Assert.All(layer.bias!.data<float>().ToArray(), number => Assert.Equal(0, number));
    }

    [Fact]
    public void Fan_out_and_the_usual_gain_are_those_of_PyTorch()
    {
        manual_seed(12);
        using var layer = Convolution();
        Initialize.KaimingNormal(layer, fanOut: true);
        Assert.InRange(layer.weight.detach().std().ToDouble() / Math.Sqrt(2.0 / 600), 0.95, 1.05);
    }

    [Theory]
    [InlineData(5, 9)]
    [InlineData(9, 5)]
    public void Orthogonal_weights_have_orthonormal_rows_or_columns_times_the_gain(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Linear(columns, rows);
        Initialize.Orthogonal(layer, 2);

        var weight = layer.weight.detach().to(ScalarType.Float64);
        var product = rows < columns ? weight.mm(weight.t()) : weight.t().mm(weight);
        Assert.True(product.allclose(eye(5, dtype: ScalarType.Float64) * 4, atol: 1e-5));
    }

    [Fact]
    public void Only_the_last_weight_gets_the_scale_of_the_last()
    {
        using var layer = new SourceNet.Layers.FeedForward(8, 16);
        Initialize.Constant(layer, 3, last: 5);

        Assert.All(layer.up.weight.data<float>().ToArray(), number => Assert.Equal(3, number));
        Assert.All(layer.down.weight.data<float>().ToArray(), number => Assert.Equal(5, number));
        Assert.All(layer.up.bias!.data<float>().ToArray(), number => Assert.Equal(0, number));
    }

    [Fact]
    public void The_padding_row_of_a_table_stays_0_and_the_seed_repeats_the_rest()
    {
        using var table = nn.Embedding(4, 3);
        manual_seed(5);
        Initialize.Normal(table, 1, paddingIndex: 2);
        var first = table.weight!.detach().clone();
        manual_seed(5);
        Initialize.Normal(table, 1, paddingIndex: 2);

        Assert.Equal([true, true, false, true], first.abs().sum(1).data<float>().Select(sum => sum > 0));
        Assert.True(first.allclose(table.weight!.detach(), rtol: 0, atol: 0));
    }

    [Fact]
    public void A_weight_can_start_from_0()
    {
        using var layer = nn.Linear(3, 2);
        Initialize.Zeros(layer);
        Assert.Equal(0, layer.weight.count_nonzero().item<long>() + layer.bias!.count_nonzero().item<long>());
    }

    private static Action<nn.Module> Recipe(string name) => name switch
    {
        nameof(Initialize.Normal) => layer => Initialize.Normal(layer, 0.3),
        nameof(Initialize.TruncatedNormal) => layer => Initialize.TruncatedNormal(layer, 0.3),
        nameof(Initialize.Uniform) => layer => Initialize.Uniform(layer, 0.3),
        nameof(Initialize.XavierUniform) => layer => Initialize.XavierUniform(layer, 0.3),
        nameof(Initialize.XavierNormal) => layer => Initialize.XavierNormal(layer, 0.3),
        nameof(Initialize.KaimingUniform) => layer => Initialize.KaimingUniform(layer, 0.3),
        nameof(Initialize.KaimingNormal) => layer => Initialize.KaimingNormal(layer, 0.3),
        _ => throw new ArgumentException($"No recipe '{name}'.", nameof(name)),
    };
}

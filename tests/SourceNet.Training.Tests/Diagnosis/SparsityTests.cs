using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training.Tests.Diagnosis;

public class SparsityTests
{
    [Fact]
    public void Zeros_are_counted_by_layer_of_weights_and_of_all_parameters()
    {
        using var scope = NewDisposeScope();
        var model = Networks.WithBatchNorm();
        Set(model, "in.weight", [0, 0, 1e-4, -1e-4, -0.002, 1, 1, 1, 1, 1, 1, -1]);
        Set(model, "in.bias", [0, 1, 1, 1]);
        Set(model, "out.weight", [1, 1, 1, 1, -1, -1, -1, -1]);
        Set(model, "out.bias", [1, 1]);

        var sparsity = Sparsity.Of(model);

        Assert.Equal(1e-3, sparsity.Threshold);
        Assert.Equal(
            [
                new("in", new(12, 2, 4), new(16, 3, 5)),
                new("norm", default, new(8, 4, 4)),
                new("out", new(8, 0, 0), new(10, 0, 0)),
            ],
            sparsity.Layers);
        Assert.Equal(new("total", new(20, 2, 4), new(34, 7, 9)), sparsity.Total);
        Assert.Equal(0.1, sparsity.Total.Weights.ZeroShare);
        Assert.Equal(0.2, sparsity.Total.Weights.NearZeroShare);
    }

    [Fact]
    public void A_value_at_the_threshold_is_not_below_it()
    {
        using var scope = NewDisposeScope();
        var model = nn.Linear(2, 1, hasBias: false);
        Set(model, "weight", [0.5, 0.25]);

        Assert.Equal(1, Sparsity.Of(model, 0.5).Total.Weights.NearZeros);
        Assert.Equal(model.GetName(), Sparsity.Of(model).Layers.Single().Path);
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    public void Every_precision_is_counted(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var model = nn.Linear(3, 1, hasBias: false, dtype: type);
        Set(model, "weight", [0, -1e-4, 1]);

        Assert.Equal(new ZeroCount(3, 1, 2), Sparsity.Of(model).Total.Weights);
    }

    [Fact]
    public void A_tied_weight_counts_once()
    {
        using var scope = NewDisposeScope();
        var shared = nn.Linear(2, 2, hasBias: false);

        Assert.Equal(4, Sparsity.Of(nn.Sequential(("first", shared), ("second", shared))).Total.All.Parameters);
    }

    [Fact]
    public void The_layers_of_a_declared_model_have_its_paths()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(["hidden.linear", "hidden.norm", "logits.linear"], Sparsity.Of(new NormedModel()).Layers.Select(layer => layer.Path));
    }

    [Fact]
    public void The_table_is_the_same_in_every_culture()
    {
        using var scope = NewDisposeScope();
        var before = CultureInfo.CurrentCulture;
        var model = Networks.WithBatchNorm();
        Set(model, "in.weight", [0, 0, 1e-4, -1e-4, -0.002, 1, 1, 1, 1, 1, 1, -1]);
        Set(model, "in.bias", [0, 1, 1, 1]);
        Set(model, "out.weight", [1, 1, 1, 1, -1, -1, -1, -1]);
        Set(model, "out.bias", [1, 1]);
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");
            Assert.Equal(
                """
                Layer  Weights    Zero  < 0.001  All    Zero  < 0.001
                ─────────────────────────────────────────────────────
                in          12  16.7 %   33.3 %   16  18.8 %   31.2 %
                norm                               8  50.0 %   50.0 %
                out          8   0.0 %    0.0 %   10   0.0 %    0.0 %
                total       20  10.0 %   20.0 %   34  20.6 %   26.5 %

                """,
                Sparsity.Of(model).ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void A_threshold_out_of_range_is_told(double threshold) => Assert.Throws<ArgumentOutOfRangeException>(() => Sparsity.Of(nn.Linear(1, 1), threshold));

    [Fact]
    public void Memory_is_flat()
    {
        using var model = Networks.WithBatchNorm();

        Memory.AssertFlat(() => Sparsity.Of(model));
    }

    internal static void Set(nn.Module model, string name, double[] values)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var parameter = model.named_parameters().Single(pair => pair.name == name).parameter;
        parameter.copy_(tensor(values).view(parameter.shape));
    }
}

using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training.Tests.Diagnosis;

public class PruningTests
{
    private static readonly double[] s_first = [1, -2, 3, -4, 5, -6, 7, -8, 9, -10, 11, -12];
    private static readonly double[] s_second = [0.1, -0.2, 0.3, -0.4, 13, 14, 15, 16];

    [Fact]
    public void Globally_the_smallest_weights_of_the_model_become_zero()
    {
        using var scope = NewDisposeScope();
        var model = Model();

        Assert.Equal(5, Pruning.Global(model, 0.25));

        Assert.Equal([0, -2, 3, -4, 5, -6, 7, -8, 9, -10, 11, -12], Read(model, "in.weight"));
        Assert.Equal([0, 0, 0, 0, 13, 14, 15, 16], Read(model, "out.weight"));
    }

    [Fact]
    public void By_layer_each_weight_loses_the_same_share()
    {
        using var scope = NewDisposeScope();
        var model = Model();

        Assert.Equal(3 + 2, Pruning.PerLayer(model, 0.25));

        Assert.Equal([0, 0, 0, -4, 5, -6, 7, -8, 9, -10, 11, -12], Read(model, "in.weight"));
        Assert.Equal([0, 0, 0.3, -0.4, 13, 14, 15, 16], Read(model, "out.weight"));
    }

    [Fact]
    public void Below_a_threshold_everything_becomes_exactly_zero()
    {
        using var scope = NewDisposeScope();
        var model = Model();

        Assert.Equal(0, Pruning.Below(model, 0));
        Assert.Equal(4, Pruning.Below(model, 1));
        Assert.Equal(0, Pruning.Below(model, 1));

        Assert.Equal(s_first, Read(model, "in.weight"));
        Assert.Equal([0, 0, 0, 0, 13, 14, 15, 16], Read(model, "out.weight"));
    }

    [Fact]
    public void Biases_and_norms_are_pruned_only_when_asked_for()
    {
        using var scope = NewDisposeScope();
        var model = Model();

        Pruning.Global(model, 1);
        Pruning.PerLayer(model, 1);
        Pruning.Below(model, 1e9);
        Assert.All(new[] { "in.weight", "out.weight" }, name => Assert.All(Read(model, name), value => Assert.Equal(0, value)));
        Assert.Equal([1, 1, 1, 1], Read(model, "norm.weight"));
        Assert.Equal([0.5, 0.5], Read(model, "out.bias"));

        Pruning.Below(model, 1e9, allParameters: true);
        Assert.All(model.parameters(), parameter => Assert.All(Networks.Values(parameter), value => Assert.Equal(0, value)));
    }

    [Fact]
    public void Weights_that_are_zero_before_count_and_of_equal_ones_the_first_go()
    {
        using var scope = NewDisposeScope();
        var model = nn.Linear(8, 1, hasBias: false);
        SparsityTests.Set(model, "weight", [2, 2, 2, 2, 2, 2, 0, 0]);

        Assert.Equal(2, Pruning.Global(model, 0.5));

        Assert.Equal([0, 0, 2, 2, 2, 2, 0, 0], Networks.Values(model.weight));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.123)]
    [InlineData(0.9)]
    public void The_share_is_exact(double share)
    {
        using var scope = NewDisposeScope();
        var model = new NormedModel();

        Pruning.Global(model, share);

        var total = Sparsity.Of(model).Total.Weights;
        Assert.Equal(Math.Round(share * total.Parameters, MidpointRounding.AwayFromZero), total.Zeros);
    }

    [Fact]
    public void A_model_that_computed_in_eval_mode_before_computes_with_the_pruned_weights()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var model = new NormedModel();
        model.eval();
        var input = randn(4, 3);
        model.call(input);

        Pruning.Global(model, 1);

        var bias = model.state_dict()["logits.linear.bias"];
        Assert.Equal(bias.expand(4, 2), model.call(input));
    }

    [Fact]
    public void What_is_out_of_range_is_told()
    {
        using var scope = NewDisposeScope();
        var model = Model();

        Assert.Throws<ArgumentOutOfRangeException>(() => Pruning.Global(model, 1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Pruning.PerLayer(model, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => Pruning.Below(model, -1));
        Assert.Equal(0, Pruning.Global(nn.ReLU(), 0.5));
    }

    [Fact]
    public void Memory_is_flat()
    {
        using var model = Model();

        Memory.AssertFlat(() =>
        {
            Pruning.Global(model, 0.5);
            Pruning.PerLayer(model, 0.5);
            Pruning.Below(model, 0.5);
        });
    }

    private static nn.Module<Tensor, Tensor> Model()
    {
        var model = Networks.WithBatchNorm();
        SparsityTests.Set(model, "in.weight", s_first);
        SparsityTests.Set(model, "out.weight", s_second);
        SparsityTests.Set(model, "out.bias", [0.5, 0.5]);
        return model;
    }

    private static double[] Read(nn.Module model, string name) => [.. Networks.Values(model.state_dict()[name]).Select(value => Math.Round(value, 6))];
}

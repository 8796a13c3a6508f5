using SourceNet.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SourceNet.Tests.Optimizers;

public class WeightRegularizationTests
{
    [Fact]
    public void A_transposed_convolution_has_its_units_on_axis_1_of_each_group()
    {
        using var part = nn.Sequential(("conv", nn.Conv1d(4, 4, 3)), ("raise", nn.ConvTranspose1d(4, 6, 2, groups: 2)));

        var bounded = RegularizedGroup.Of("part", part,
            new() { WeightDecay = 0.1, Constraint = WeightConstraint.All(WeightConstraint.NonNegative, WeightConstraint.MaxNorm(2)) });
        Assert.Equal(["part", "part, transposed", "part, no decay"], bounded.Select(group => group.Name));
        Assert.Equal(WeightConstraint.All(WeightConstraint.NonNegative, WeightConstraint.MaxNorm(2, 1, 2)), bounded[1].Regularization.Constraint);
        Assert.Equal(0.1, bounded[1].Regularization.WeightDecay);
        Assert.Equal([[4, 4, 3]], bounded[0].Parameters.Select(parameter => parameter.shape));
        Assert.Equal([[4, 3, 2]], bounded[1].Parameters.Select(parameter => parameter.shape));

        // Where nothing depends on units there is nothing to tell apart.
        Assert.Equal(["part", "part, no decay"], RegularizedGroup.Of("part", part, new() { WeightDecay = 0.1 }).Select(group => group.Name));
    }

    [Fact]
    public void Or_fills_in_what_is_left_open()
    {
        var own = new WeightRegularization { L1 = 0 };
        var inherited = new WeightRegularization { WeightDecay = 0.1, L1 = 0.2, Constraint = WeightConstraint.NonNegative };
        Assert.Equal(new WeightRegularization { WeightDecay = 0.1, L1 = 0, Constraint = WeightConstraint.NonNegative }, own.Or(inherited));
        Assert.Equal(own, own.Or(null));
    }

    [Fact]
    public void None_takes_nothing_from_others() =>
        Assert.Equal(WeightRegularization.None, WeightRegularization.None.Or(new() { WeightDecay = 1, L1 = 1, Constraint = WeightConstraint.NonNegative }));

    [Fact]
    public void A_hand_written_part_is_split_into_weights_and_the_rest()
    {
        using var part = Sequential(
            ("embed", Embedding(5, 4)), ("places", new SourceNet.Layers.PositionEmbedding(5, 4)), ("scale", new SourceNet.Layers.RMSNorm([2L, 4L])),
                ("linear", Linear(4, 4)), ("norm", LayerNorm([2L, 4L])), ("inner", Sequential(("conv", Conv1d(4, 4, 3L)), ("batch", BatchNorm1d(4)))));
        var decay = new WeightRegularization { WeightDecay = 0.1 };
        var groups = RegularizedGroup.Of("extra", part, decay);
        Assert.Equal(["extra", "extra, no decay"], groups.Select(group => group.Name));
        Assert.Equal([decay, WeightRegularization.None], groups.Select(group => group.Regularization));
        var names = part.named_parameters().ToDictionary(entry => entry.parameter.Handle, entry => entry.name);
        Assert.Equal(["linear.weight", "inner.conv.weight"], groups[0].Parameters.Select(parameter => names[parameter.Handle]));
        Assert.Equal(names.Count, groups.Sum(group => group.Parameters.Count));
    }

    [Fact]
    public void Groups_without_parameters_are_left_out_and_shared_parameters_come_once()
    {
        using var relu = ReLU();
        Assert.Empty(RegularizedGroup.Of("relu", relu, WeightRegularization.None));
        using var linear = Linear(2, 2, hasBias: false);
        using var twice = Sequential(linear, linear);
        var group = Assert.Single(RegularizedGroup.Of("twice", twice, WeightRegularization.None));
        Assert.Single(group.Parameters);
    }

    [Fact]
    public void Declared_models_in_a_part_keep_their_own_groups_and_inherit()
    {
        using var part = Sequential(new SmallBlock(4), Linear(4, 4));
        var groups = RegularizedGroup.Of("part", part, new() { WeightDecay = 0.1 });
        Assert.Equal(["part", "part, no decay", "part.0, sparse", "part.0, no decay"], groups.Select(group => group.Name));
        Assert.Equal(new WeightRegularization { L1 = 1e-5, WeightDecay = 0.1 }, groups[2].Regularization);
    }

    [Fact]
    public void A_missing_parameter_is_named_by_its_group()
    {
        using var linear = Linear(2, 2, hasBias: false);
        Assert.Contains("'biases'", Assert.Throws<ArgumentException>(() => new RegularizedGroup("biases", WeightRegularization.None, [linear.bias!])).Message);
    }
}

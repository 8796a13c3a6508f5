using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

/// <summary>What hand-written members hold is a part of the model: counted, regularized, trained, moved.</summary>
public class HoldersTests
{
    private const int Bottlenecks = 7;
    private const int Linears = 7;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_parameter_is_counted_and_in_one_group(bool gated)
    {
        using var model = new Holders(gated);

        var expected = (Bottlenecks * ((4 * 8) + 4 + 4 + 4 + (8 * 4) + 8)) + ((Linears + (gated ? 1 : 0)) * ((8 * 8) + 8)) + (8 * 3) + 3 + (gated ? 8 : 0);
        Assert.Equal(expected, model.parameters().Sum(parameter => parameter.numel()));
        Assert.Equal(
            model.parameters().Select(parameter => parameter.Handle).Order(),
            model.ParameterGroups().SelectMany(group => group.Parameters).Select(parameter => parameter.Handle).Order());
    }

    [Fact]
    public void Groups_have_the_path_of_their_part_and_its_defaults()
    {
        using var model = new Holders();

        var groups = model.ParameterGroups();
        Assert.Equal(groups.Count, groups.Select(group => group.Name).Distinct().Count());
        Assert.Contains(groups, group => group.Name.StartsWith("routes.a.Down.0, ", StringComparison.Ordinal) && group.Regularization.WeightDecay == 0.01);
        Assert.Contains(groups, group => group.Name == "heads.left" && group.Regularization.WeightDecay == 0.01);
        Assert.Contains(groups, group => group.Name == "grid.1.0, no decay" && group.Regularization.WeightDecay == 0);
    }

    [Fact]
    public void Groups_of_stacks_have_the_path_of_the_stack()
    {
        using var model = new StackOfStacks();

        var names = model.ParameterGroups().Select(group => group.Name).ToList();
        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.Contains(names, name => name.StartsWith("columns.stack1.0.cells.0, ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_step_reaches_every_parameter_and_no_buffer()
    {
        using var model = new Holders(gated: true);
        var before = model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        using var optimizer = model.CreateOptimizer(0.1);
        using var input = randn(16, 8);
        using var loss = model.Loss(model.call(input), randint(3, 16));

        loss.backward();
        optimizer.step();

        foreach (var (name, value) in model.state_dict())
        {
            Assert.True((name is "mean" or "spread") == value.Equals(before[name]), name);
        }
    }

    [Fact]
    public void Moving_and_converting_reaches_the_fields_of_buffers()
    {
        using var model = new Holders(gated: true);

        model.to(ScalarType.Float64);

        Assert.All(model.state_dict().Values, value => Assert.Equal(ScalarType.Float64, value.dtype));
        Assert.Equal(model.get_buffer("spread")!.Handle, model.Spread!.Handle);
        using var output = model.call(randn(2, 8, float64));
        Assert.Equal(ScalarType.Float64, output.dtype);
    }
}

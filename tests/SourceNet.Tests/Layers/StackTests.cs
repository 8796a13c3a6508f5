using SourceNet.Tests.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using BlockStack = SourceNet.CompilerServices.Stack<SourceNet.Tests.Models.SmallBlock>;

namespace SourceNet.Tests.Layers;

public class StackTests
{
    [Fact]
    public void Applies_its_blocks_in_order()
    {
        List<int> asked = [];
        using var stack = new BlockStack(3, index =>
        {
            asked.Add(index);
            return new SmallBlock(4);
        });
        Assert.Equal([0, 1, 2], asked);
        stack.to(ScalarType.Float64);
        using var input = Samples.Normal(1, 2, 4);
        var expected = input;
        foreach (var block in stack.Blocks)
        {
            expected = block.call(expected);
        }

        Samples.Close(expected.Values(), stack.call(input));
    }

    [Fact]
    public void Names_its_state_by_index()
    {
        using var stack = new BlockStack(2, _ => new SmallBlock(4));
        string[] one = ["mix.norm.weight", "mix.norm.bias", "mix.linear.weight", "mix.linear.bias"];
        Assert.Equal([.. one.Select(key => "0." + key), .. one.Select(key => "1." + key)], stack.state_dict().Keys);
    }

    [Fact]
    public void Without_blocks_passes_the_input_on_as_a_new_tensor()
    {
        using var stack = new BlockStack(0, _ => new SmallBlock(4));
        using var input = Samples.Normal(1, 2, 4);
        var output = stack.call(input);
        Assert.NotSame(input, output);
        Assert.Equal(input.Values(), output.Values());
        output.Dispose();
        Assert.False(input.IsInvalid);
        Assert.Empty(stack.ParameterGroups());
    }

    [Fact]
    public void Passes_the_inherited_regularization_to_every_block()
    {
        using var stack = new BlockStack(2, _ => new SmallBlock(4));
        var groups = stack.ParameterGroups(new WeightRegularization { WeightDecay = 0.5 });
        Assert.Equal(["0, sparse", "0, no decay", "1, sparse", "1, no decay"], groups.Select(group => group.Name));
        Assert.Equal([0.5, 0, 0.5, 0], groups.Select(group => group.Regularization.WeightDecay!.Value));
        Assert.Equal(stack.parameters().Count(), groups.Sum(group => group.Parameters.Count));
    }

    [Fact]
    public void Many_passes_leave_no_tensor_behind()
    {
        using var stack = new BlockStack(3, _ => new SmallBlock(4));
        using var input = Samples.Normal(1, 2, 4).to(ScalarType.Float32);
        LiveTensors.StayFlat(() =>
        {
            using var output = stack.call(input);
            using var sum = output.sum();
            sum.backward();
        });
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new BlockStack(-1, _ => new SmallBlock(4)));
        Assert.Throws<ArgumentNullException>(() => new BlockStack(1, null!));
        Assert.Contains("block 0", Assert.Throws<ArgumentException>(() => new BlockStack(1, _ => null!)).Message);
        using var shared = new SmallBlock(4);
        Assert.Contains("Block 1", Assert.Throws<ArgumentException>(() => new BlockStack(2, _ => shared)).Message);
    }
}

using SourceNet.Tests.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Tests.Losses;

public class PenaltiesTests
{
    [Fact]
    public void L2_is_half_the_strength_times_the_sum_of_squares()
    {
        using var first = Samples.Normal(1, 3, 4);
        using var second = Samples.Normal(2, 5);
        var expected = 0.3 / 2 * first.Values().Concat(second.Values()).Sum(w => w * w);
        Samples.Close([expected], Penalties.L2(0.3, [first, second]));
    }

    [Fact]
    public void The_gradient_of_L2_is_strength_times_weight()
    {
        using var weight = Samples.Normal(1, 3, 4).requires_grad_();
        Penalties.L2(0.3, [weight]).backward();
        Samples.Close([.. weight.Values().Select(w => 0.3 * w)], weight.grad!);
        FiniteDifferences.Check(() => Penalties.L2(0.3, [weight]), weight);
    }

    [Fact]
    public void L2_of_nothing_is_0()
    {
        using var penalty = Penalties.L2(0.3, Array.Empty<Tensor>());
        Assert.Equal(0, penalty.ndim);
        Assert.Equal(0f, penalty.item<float>());
    }

    [Fact]
    public void L2_of_groups_takes_each_groups_strength()
    {
        using var first = new Parameter(Samples.Normal(1, 3, 4));
        using var second = new Parameter(Samples.Normal(2, 5));
        using var third = new Parameter(Samples.Normal(3, 2));
        RegularizedGroup[] groups =
        [
            new("strong", new() { L2 = 0.3 }, [first]),
            new("weak", new() { L2 = 0.1 }, [second]),
            new("none", WeightRegularization.None, [third]),
            new("open", new() { WeightDecay = 1 }, []),
        ];
        using var penalty = Penalties.L2(groups);
        Samples.Close([0.3 / 2 * first.Values().Sum(w => w * w) + 0.1 / 2 * second.Values().Sum(w => w * w)], penalty);
        penalty.backward();
        Samples.Close([.. second.Values().Select(w => 0.1 * w)], second.grad!);
        Assert.Null(third.grad);
        LiveTensors.StayFlat(() => Penalties.L2(groups).Dispose());
        Assert.Equal(0f, Penalties.L2(Array.Empty<RegularizedGroup>()).item<float>());
    }
}

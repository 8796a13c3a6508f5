using SourceNet.Tests.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Tests.Optimizers;

/// <summary>Numbers whose squares float32 does not have, and steps where nobody expects them.</summary>
public class ExtremeStepTests
{
    [Theory]
    [InlineData(1e25)]
    [InlineData(3e38)]
    [InlineData(1e-25)]
    [InlineData(1e-40)]
    public void Lengths_of_units_are_right_whatever_the_size_of_weights(double size)
    {
        using var scope = NewDisposeScope();
        var values = new[] { 1f, -0.5f, 0.25f, 0.75f }.Select(value => (float)(value * size)).ToArray();
        var length = Math.Sqrt(values.Sum(value => (double)value * value));
        var unit = new Parameter(tensor(values).view(1, 4));
        WeightConstraint.UnitNorm().Apply(unit);
        Samples.Close([.. values.Select(value => value / length)], unit, 1e-6);

        var bounded = new Parameter(tensor(values).view(1, 4));
        WeightConstraint.MaxNorm(length / 2).Apply(bounded);
        Samples.Close([.. values.Select(value => value / 2 / size)], bounded.to(ScalarType.Float64) / size, 1e-5);
        var free = new Parameter(tensor(values).view(1, 4));
        WeightConstraint.MaxNorm(length * 2).Apply(free);
        Assert.True(free.equal(tensor(values).view(1, 4)).all().item<bool>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Large_gradients_are_clipped_and_not_lost(bool kernels)
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(zeros(4));
        using var optimizer = new RegularizedSgd([weight], 1, gradientClip: new(1)) { UsesFusedKernels = kernels };
        weight.mul(1e30).sum().backward();

        optimizer.step();

        Samples.Close([-0.5, -0.5, -0.5, -0.5], weight, 1e-5);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_step_in_inference_mode_leaves_a_state_that_the_next_one_can_use(bool kernels)
    {
        using var scope = NewDisposeScope();
        var (weight, expected) = (new Parameter(ones(4)), new Parameter(ones(4)));
        using var optimizer = new RegularizedAdamW([weight], 0.1) { UsesFusedKernels = kernels };
        using var reference = new RegularizedAdamW([expected], 0.1) { UsesFusedKernels = kernels };
        weight.square().sum().backward();
        expected.square().sum().backward();
        using (inference_mode())
        {
            optimizer.step();
        }

        optimizer.step();
        reference.step();
        reference.step();

        Assert.Equal(expected.Values(), weight.Values());
    }
}

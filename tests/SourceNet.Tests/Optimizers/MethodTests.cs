using SourceNet.Tests.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Tests.Optimizers;

/// <summary>What is each method's own: against TorchSharp's optimizers where it has them, at rest, at the edges of its numbers.</summary>
public class MethodTests
{
    [Theory]
    [InlineData(0, false, false)]
    [InlineData(0, true, false)]
    [InlineData(0.9, false, false)]
    [InlineData(0.9, true, true)]
    public void RmsProp_steps_as_torchs_does(double momentum, bool centered, bool maximize)
    {
        using var ours = Weight(33, 17);
        using var theirs = new Parameter(ours.detach().clone());
        using var optimizer = new RegularizedRmsProp([ours], 0.01, 0.99, 1e-8, 0, momentum, centered, maximize);
        using var torchs = optim.RMSProp([theirs], 0.01, 0.99, 1e-8, 0, momentum, centered, maximize);
        for (var step = 0; step < 100; step++)
        {
            Step(step, (optimizer, ours), (torchs, theirs));
        }

        Assert.Equal(1, optimizer.FusedParameters);
        Samples.Close(theirs.Values(), ours, centered ? 1e-4 : 1e-5);
    }

    [Theory]
    [InlineData(4e-3)]
    [InlineData(0.1)]
    public void NAdam_steps_as_torchs_does(double momentumDecay)
    {
        using var ours = Weight(33, 17);
        using var theirs = new Parameter(ours.detach().clone());
        using var optimizer = new RegularizedNAdam([ours], 0.01, momentumDecay: momentumDecay);
        using var torchs = optim.NAdam([theirs], 0.01, momentum_decay: momentumDecay);
        for (var step = 0; step < 100; step++)
        {
            Step(step, (optimizer, ours), (torchs, theirs));
        }

        Assert.Equal(1, optimizer.FusedParameters);
        Samples.Close(theirs.Values(), ours, 1e-5);
    }

    public static TheoryData<string, bool> AtRest
    {
        get
        {
            TheoryData<string, bool> data = [];
            foreach (var name in new[] { "adamw", "lion", "nadam", "rmsprop", "centered", "adafactor" })
            {
                data.Add(name, true);
                data.Add(name, false);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(AtRest))]
    public void Without_a_gradient_only_decay_and_L1_move_weights(string name, bool kernels)
    {
        using var weight = Weight(5, 7);
        var before = weight.Values();
        RegularizedGroup[] groups = [new("weights", new() { WeightDecay = 0.5, L1 = 2 }, [weight])];
        using RegularizedOptimizer optimizer = name switch
        {
            "lion" => new RegularizedLion(groups, 0.1),
            "nadam" => new RegularizedNAdam(groups, 0.1),
            "rmsprop" => new RegularizedRmsProp(groups, 0.1, momentum: 0.9),
            "centered" => new RegularizedRmsProp(groups, 0.1, centered: true),
            "adafactor" => new RegularizedAdafactor(groups, 0.1),
            _ => new RegularizedAdamW(groups, 0.1),
        };
        optimizer.UsesFusedKernels = kernels;
        weight.grad = zeros_like(weight);
        optimizer.step();
        Samples.Close([.. before.Select(w => Math.Sign(w) * Math.Max((0.95 * Math.Abs(w)) - 0.2, 0))], weight, 1e-6);
        Assert.Contains(0, weight.Values());
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public void Lamb_without_a_gradient_decays_matrices_by_the_rate_and_vectors_by_their_decay(bool kernels, bool scaleVectors)
    {
        using var matrix = Weight(5, 7);
        using var vector = Weight(9);
        var (matrixBefore, vectorBefore) = (matrix.Values(), vector.Values());
        using var optimizer = new RegularizedLamb([matrix, vector], 0.1, weightDecay: 0.5, scaleVectors: scaleVectors) { UsesFusedKernels = kernels };
        (matrix.grad, vector.grad) = (zeros_like(matrix), zeros_like(vector));
        optimizer.step();
        // The ratio ‖w‖ / ‖decay · w‖ takes the decay out again.
        Samples.Close([.. matrixBefore.Select(w => 0.9 * w)], matrix, 1e-6);
        Samples.Close([.. vectorBefore.Select(w => (scaleVectors ? 0.9 : 0.95) * w)], vector, 1e-6);
    }

    [Theory]
    [InlineData(1e25f, true)]
    [InlineData(1e25f, false)]
    [InlineData(1e-25f, true)]
    [InlineData(1e-25f, false)]
    public void Lamb_moves_weights_of_any_size_by_the_same_share(float size, bool kernels)
    {
        using var weight = new Parameter(full([4, 100], size));
        using var optimizer = new RegularizedLamb([weight], 0.1) { UsesFusedKernels = kernels };
        weight.grad = ones_like(weight);
        optimizer.step();
        Assert.All(weight.Values(), w => Assert.Equal(0.9, w / size, 1e-5));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Lamb_moves_a_matrix_of_zeros_as_Adam_would(bool kernels)
    {
        using var weight = new Parameter(zeros(4, 5));
        using var optimizer = new RegularizedLamb([weight], 0.1) { UsesFusedKernels = kernels };
        weight.grad = ones_like(weight);
        optimizer.step();
        Assert.All(weight.Values(), w => Assert.Equal(-0.1, w, 1e-6));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Centered_RmsProp_is_finite_though_gradients_do_not_change(bool kernels)
    {
        using var weight = new Parameter(zeros(64));
        using var optimizer = new RegularizedRmsProp([weight], 1e-9, 0.5, 1e-4, centered: true) { UsesFusedKernels = kernels };
        using var gradient = linspace(0.1, 3, 64);
        for (var step = 0; step < 200; step++)
        {
            weight.grad = gradient;
            optimizer.step();
            Assert.All(weight.Values(), w => Assert.True(double.IsFinite(w)));
        }
    }

    [Fact]
    public void Adafactor_remembers_rows_and_columns_only_and_rows_without_gradients_stay()
    {
        using var weight = Weight(50, 8, 5);
        var before = weight.Values();
        using var optimizer = new RegularizedAdafactor([weight]);
        using var gradient = Samples.Normal(7, 50, 8, 5).to(ScalarType.Float32);
        gradient[3].zero_();
        weight.grad = gradient;
        optimizer.step();
        var state = (RegularizedState)optimizer.state_dict().State.Single();
        Assert.Equal(50 + 40, Enumerable.Range(0, state.Tensors).Sum(index => state[index]?.numel() ?? 0));
        Assert.Equal(before[120..160], weight.Values()[120..160]);
        Assert.Equal(40, weight.Values().Zip(before).Count(pair => pair.First == pair.Second));
        Assert.All(weight.Values(), w => Assert.True(double.IsFinite(w)));
    }

    [Theory]
    [InlineData("lion")]
    [InlineData("nadam")]
    [InlineData("lamb")]
    public void OneCycleLR_drives_the_decay_rate_of_the_first_moment(string name)
    {
        using var weight = Weight(4, 3);
        RegularizedOptimizer optimizer = name switch
        {
            "lion" => new RegularizedLion([weight]),
            "nadam" => new RegularizedNAdam([weight]),
            _ => new RegularizedLamb([weight]),
        };
        using (optimizer)
        {
            var scheduler = optim.lr_scheduler.OneCycleLR(optimizer, max_lr: 0.1, total_steps: 20);
            for (var step = 0; step < 5; step++)
            {
                Step(step, (optimizer, weight));
                scheduler.step();
            }

            Assert.NotEqual(0.9, ((optim.IBetas)optimizer.ParamGroups.Single()).Betas.Item1);
        }
    }

    [Fact]
    public void Numbers_outside_of_their_range_are_refused()
    {
        using var weight = new Parameter(zeros(3));
        Refuses("beta1", () => new RegularizedLion([weight], beta1: 1));
        Refuses("beta2", () => new RegularizedLion([weight], beta2: -0.1));
        Refuses("learningRate", () => new RegularizedLion([weight], double.NaN));
        Refuses("momentumDecay", () => new RegularizedNAdam([weight], momentumDecay: -1));
        Refuses("eps", () => new RegularizedNAdam([weight], eps: -1));
        Refuses("eps", () => new RegularizedLamb([weight], eps: double.PositiveInfinity));
        Refuses("alpha", () => new RegularizedRmsProp([weight], alpha: 1));
        Refuses("momentum", () => new RegularizedRmsProp([weight], momentum: -1));
        Refuses("beta2Decay", () => new RegularizedAdafactor([weight], beta2Decay: 0));
        Refuses("eps1", () => new RegularizedAdafactor([weight], eps1: 0));
        Refuses("clipThreshold", () => new RegularizedAdafactor([weight], clipThreshold: 0));

        static void Refuses(string argument, Func<RegularizedOptimizer> create) => Assert.Throws<ArgumentOutOfRangeException>(argument, () => create());
    }

    private static Parameter Weight(params long[] shape) => new(Samples.Normal(1, shape).to(ScalarType.Float32));

    private static void Step(int seed, params (optim.Optimizer Optimizer, Parameter Weight)[] sides)
    {
        foreach (var (optimizer, weight) in sides)
        {
            using var gradient = Samples.Normal(100 + seed, weight.shape).to(ScalarType.Float32);
            weight.grad = gradient;
            optimizer.step();
        }
    }
}

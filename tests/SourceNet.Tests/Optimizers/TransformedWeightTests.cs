using SourceNet.CompilerServices;
using SourceNet.Layers;
using SourceNet.Tests.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Tests.Optimizers;

/// <summary>Every regularizer of weights with every transform of weights: it changes what it says of the weight that is used, or is refused.</summary>
public class TransformedWeightTests
{
    private const double Rate = 0.1;

    public static TheoryData<string, string, bool> Pairs
    {
        get
        {
            TheoryData<string, string, bool> pairs = [];
            foreach (var transform in new[] { "weight norm", "spectral norm" })
            {
                foreach (var regularizer in new[] { "WeightDecay", "L1", "ElasticNet", "L2", "MaxNorm", "UnitNorm", "NonNegative", "Orthogonal" })
                {
                    pairs.Add(transform, regularizer, true);
                    pairs.Add(transform, regularizer, false);
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void It_acts_on_the_weight_that_is_used_or_is_refused(string transform, string regularizer, bool kernels)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var weight = new Parameter(randn(4, 6) * 3);
        Layer layer = transform == "weight norm" ? new WeightNorm(weight) : new SpectralNorm(weight);
        layer.eval();
        // Lengths that are not those of the directions.
        using (no_grad())
        {
            weight.mul_(7);
        }

        var regularization = Of(regularizer);
        var group = new RegularizedGroup("weights", regularization, [weight]);
        if (transform == "spectral norm" && regularizer is "WeightDecay" or "ElasticNet" or "L2" or "MaxNorm" or "UnitNorm" && transform == "spectral norm")
        {
            Assert.Contains("has spectral norm, which fixes its length", Assert.Throws<ArgumentException>(() => new RegularizedSgd([group], Rate)).Message);
            return;
        }

        var before = layer.forward(weight).detach().to(ScalarType.Float64);
        RegularizedGroup[] groups = [group, new("lengths", WeightRegularization.None, [.. layer.parameters()])];
        using var optimizer = new RegularizedSgd(groups, Rate) { UsesFusedKernels = kernels };

        // The penalty alone, and else a gradient of 0.
        (regularizer == "L2" ? Penalties.L2([group]) : layer.forward(weight).sum() * 0).backward();
        optimizer.step();

        var found = layer.forward(weight).detach().to(ScalarType.Float64);
        if (transform == "spectral norm" && regularizer is "L1" or "NonNegative" && transform == "spectral norm")
        {
            // What comes out has a singular value of 1 again: the same zeros and signs, and the same proportions.
            var expectedSigns = Expected(regularizer, before);
            Samples.Close((expectedSigns / expectedSigns.norm()).Values(), found / found.norm(), 1e-4);
            Assert.True(expectedSigns.eq(0).eq(found.eq(0)).all().item<bool>());
            return;
        }

        Samples.Close(Expected(regularizer, before).Values(), found, 1e-4);
        Assert.False(before.allclose(found, 1e-3, 1e-3), "nothing changed");
    }

    [Fact]
    public void Units_that_a_bound_leaves_alone_keep_their_bits()
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(tensor(new float[] { 1, 2, 30, 40 }).view(2, 2));
        var layer = new WeightNorm(weight);
        RegularizedGroup[] groups =
        [
            new("weights", new() { Constraint = WeightConstraint.MaxNorm(5) }, [weight]),
            new("lengths", WeightRegularization.None, [layer.magnitude]),
        ];
        using var optimizer = new RegularizedSgd(groups, Rate);
        var first = weight[0].clone();
        var length = layer.magnitude[0].clone();

        (layer.forward(weight).sum() * 0).backward();
        optimizer.step();

        Assert.True(first.equal(weight[0]).all().item<bool>() && length.equal(layer.magnitude[0]).all().item<bool>());
        Samples.Close([3, 4], layer.forward(weight)[1], 1e-5);
    }

    [Fact]
    public void A_converted_model_is_regularized_too()
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(ones(2, 2));
        var layer = new WeightNorm(weight);
        layer.to(ScalarType.Float64);
        var converted = new Parameter(weight.detach().to(ScalarType.Float64));
        layer.forward(converted).sum().mul(0).backward();
        using var optimizer = new RegularizedSgd([new RegularizedGroup("weights", new() { WeightDecay = 0.5 }, [converted])], Rate);

        optimizer.step();

        Samples.Close([0.95, 0.95, 0.95, 0.95], layer.forward(converted), 1e-6);
    }

    private static WeightRegularization Of(string regularizer) => regularizer switch
    {
        "WeightDecay" => new() { WeightDecay = 0.5 },
        "L1" => new() { L1 = 1 },
        "ElasticNet" => new() { L1 = 1, WeightDecay = 0.5 },
        "L2" => new() { L2 = 0.5 },
        "MaxNorm" => new() { Constraint = WeightConstraint.MaxNorm(0.5) },
        "UnitNorm" => new() { Constraint = WeightConstraint.UnitNorm() },
        "NonNegative" => new() { Constraint = WeightConstraint.NonNegative },
        _ => new() { Constraint = WeightConstraint.Orthogonal() },
    };

    /// <summary>
    /// What one step makes of the weight that is used, in float64. Along the gradient of an L2 penalty only lengths change, by the rate times the strength of
    /// themselves.
    /// </summary>
    private static Tensor Expected(string regularizer, Tensor w)
    {
        var norms = w.square().sum(1, keepdim: true).sqrt();
        switch (regularizer)
        {
            case "WeightDecay" or "L2":
                return w * (1 - (Rate * 0.5));
            case "L1":
                return w.sign() * (w.abs() - Rate).clamp_min(0);
            case "ElasticNet":
                var decayed = w * (1 - (Rate * 0.5));
                return decayed.sign() * (decayed.abs() - Rate).clamp_min(0);
            case "MaxNorm":
                return w * (norms.reciprocal() * 0.5).clamp_max(1);
            case "UnitNorm":
                return w / norms;
            case "NonNegative":
                return w.clamp_min(0);
            default:
                var (left, _, right) = linalg.svd(w, fullMatrices: false);
                return left.matmul(right);
        }
    }
}

using SourceNet.CompilerServices;
using SourceNet.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Tests.Optimizers;

/// <summary>Every pair of regularizers of weights that a declaration accepts: both act on the weight that is used.</summary>
public class RegularizerPairTests
{
    private const double Rate = 0.05;
    private const double Bound = 0.7;

    public static TheoryData<string, string, string> Pairs
    {
        get
        {
            TheoryData<string, string, string> pairs = [];
            foreach (var transform in new[] { "none", "weight norm" })
            {
                foreach (var pair in new[]
                {
                    "WeightDecay L1", "WeightDecay L2", "WeightDecay NonNegative", "WeightDecay MaxNorm", "L1 L2", "L1 NonNegative", "L1 MaxNorm",
                    "L1 UnitNorm", "L2 NonNegative",
                    "L2 MaxNorm", "NonNegative MaxNorm", "NonNegative UnitNorm",
                })
                {
                    pairs.Add(transform, pair.Split(' ')[0], pair.Split(' ')[1]);
                }
            }

            pairs.Add("spectral norm", "L1", "NonNegative");
            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Both_act(string transform, string first, string second)
    {
        using var scope = NewDisposeScope();
        var both = Trained(transform, first, second);

        Holds(first, both);
        Holds(second, both);
        Assert.False(both.allclose(Trained(transform, first), 1e-3, 1e-3), $"{second} changed nothing");
        Assert.False(both.allclose(Trained(transform, second), 1e-3, 1e-3), $"{first} changed nothing");
    }

    private static void Holds(string regularizer, Tensor weight)
    {
        var lengths = weight.square().sum(1).sqrt();
        switch (regularizer)
        {
            case "L1":
                Assert.True(weight.eq(0).any().item<bool>(), "no weight is exactly 0");
                break;
            case "NonNegative":
                Assert.True(weight.min().ToDouble() >= 0);
                break;
            case "MaxNorm":
                Assert.InRange(lengths.max().ToDouble(), 0, Bound + 1e-5);
                break;
            case "UnitNorm":
                Assert.InRange((lengths - 1).abs().max().ToDouble(), 0, 1e-5);
                break;
        }
    }

    /// <summary>The weight that is used after a few steps of a regression.</summary>
    private static Tensor Trained(string transform, params string[] regularizers)
    {
        manual_seed(5);
        var weight = new Parameter(randn(4, 6));
        var (inputs, targets) = (randn(32, 6), randn(32, 4) * 2);
        Layer? layer = transform switch { "weight norm" => new WeightNorm(weight), "spectral norm" => new SpectralNorm(weight, iterations: 5), _ => null };
        var group = new RegularizedGroup("weights", Of(regularizers), [weight]);
        RegularizedGroup[] groups = layer is null ? [group] : [group, new("lengths", WeightRegularization.None, [.. layer.parameters()])];
        using var optimizer = new RegularizedSgd(groups, Rate);
        for (var step = 0; step < 40; step++)
        {
            optimizer.zero_grad();
            (Objectives.MeanSquaredError(inputs.matmul(Used().t()), targets) + Penalties.L2(groups)).backward();
            optimizer.step();
        }

        layer?.eval();
        return Used().detach();

        Tensor Used() => layer is null ? weight : layer.forward(weight);
    }

    private static WeightRegularization Of(string[] regularizers)
    {
        // In the order in which generated code projects.
        WeightConstraint?[] constraints =
        [
            regularizers.Contains("NonNegative") ? WeightConstraint.NonNegative : null,
            regularizers.Contains("MaxNorm") ? WeightConstraint.MaxNorm(Bound) : null,
            regularizers.Contains("UnitNorm") ? WeightConstraint.UnitNorm() : null,
        ];
        return new()
        {
            WeightDecay = regularizers.Contains("WeightDecay") ? 0.5 : 0,
            L1 = regularizers.Contains("L1") ? 0.1 : 0,
            L2 = regularizers.Contains("L2") ? 0.5 : 0,
            Constraint = WeightConstraint.All([.. constraints.OfType<WeightConstraint>()]),
        };
    }
}

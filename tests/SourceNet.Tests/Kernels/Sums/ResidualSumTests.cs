using SourceNet.CompilerServices;
using SourceNet.CompilerServices.Activations;
using SourceNet.Layers;
using SourceNet.Tests.Layers;
using TorchSharp;
using static TorchSharp.torch;
using RMSNorm = SourceNet.Layers.RMSNorm;

namespace SourceNet.Tests.Kernels.Sums;

/// <summary>An open sum gives what the sum and the layers after it give one by one, with the same masks, and keeps no tensor.</summary>
public sealed class ResidualSumTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly RMSNorm rms = new(12);
    private readonly TorchSharp.Modules.LayerNorm layer = nn.LayerNorm(12);
    private readonly TorchSharp.Modules.Dropout dropout = nn.Dropout(0.4);
    private readonly DropPath dropPath = new(0.5);

    public void Dispose()
    {
        rms.Dispose();
        layer.Dispose();
        dropout.Dispose();
        dropPath.Dispose();
        scope.Dispose();
    }

    public enum Follower
    {
        RMSNorm,
        LayerNorm,
        Activation,
    }

    public static TheoryData<Follower, ScalarType, bool, bool> Cases
    {
        get
        {
            var data = new TheoryData<Follower, ScalarType, bool, bool>();
            foreach (var follower in Enum.GetValues<Follower>())
            {
                foreach (var train in new[] { true, false })
                {
                    data.Add(follower, ScalarType.Float32, train, true);
                    data.Add(follower, ScalarType.Float32, train, false);
                    data.Add(follower, ScalarType.Float64, train, true);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_sum_and_what_follows_are_those_of_the_layers_one_by_one(Follower follower, ScalarType type, bool train, bool contiguous)
    {
        foreach (var module in new nn.Module[] { rms, layer, dropout, dropPath })
        {
            module.to(type).train(train);
        }

        foreach (var path in new[] { null, dropPath })
        {
            var (expected, expectedGradients) = Run(sum =>
            {
                var value = sum.Value();
                return (value, Apart(value));
            });
            var (actual, gradients) = Run(sum =>
            {
                var result = Together(sum, out var value);
                return (value, result);
            });
            var (alone, aloneGradients) = Run(sum => (default, TogetherAlone(sum)));

            Accuracy.Same(expected.Sum!, actual.Sum!, 1e-5);
            Accuracy.Same(expected.Result, actual.Result, 1e-5);
            Accuracy.Same(expected.Result, alone.Result, 1e-5);
            foreach (var (one, other) in expectedGradients.Zip(gradients))
            {
                Accuracy.Same(one, other, 2e-5);
            }

            // Without the gradient of the sum.
            var (_, expectedAlone) = Run(sum => (default, Apart(sum.Value())));
            foreach (var (one, other) in expectedAlone.Zip(aloneGradients))
            {
                Accuracy.Same(one, other, 2e-5);
            }

            ((Tensor? Sum, Tensor Result) Outputs, Tensor[] Gradients) Run(Func<ResidualSum, (Tensor? Sum, Tensor Result)> function)
            {
                var leaves = new[] { 1, 2 }.Select(seed => Samples.Normal(seed, 5, 3, 12).to(ScalarType.Float32).to(type).detach().requires_grad_()).ToArray();
                var inputs = Array.ConvertAll(leaves, leaf => contiguous ? leaf.alias() : leaf.transpose(0, 1).contiguous().transpose(0, 1));
                manual_seed(9);
                var (sum, result) = function(new ResidualSum(inputs[0], inputs[1], path));
                var loss = (result * Samples.Normal(3, 5, 3, 12).to(type)).sum();
                loss = sum is null ? loss : loss + (sum * Samples.Normal(4, 5, 3, 12).to(type)).sum();
                return ((sum?.detach(), result.detach()), [.. autograd.grad([loss], leaves)]);
            }
        }

        Tensor Apart(Tensor value) => follower switch
        {
            Follower.RMSNorm => Fused.RMSNorm(value, rms, default(SiLU), dropout),
            Follower.LayerNorm => Fused.LayerNorm(value, layer, default(SiLU), dropout),
            _ => Fused.Activation(value, default(SiLU), dropout),
        };

        Tensor Together(ResidualSum sum, out Tensor value) => follower switch
        {
            Follower.RMSNorm => sum.RMSNorm(out value, rms, default(SiLU), dropout),
            Follower.LayerNorm => sum.LayerNorm(out value, layer, default(SiLU), dropout),
            _ => sum.Activation(out value, default(SiLU), dropout),
        };

        Tensor TogetherAlone(ResidualSum sum) => follower switch
        {
            Follower.RMSNorm => sum.RMSNorm(rms, default(SiLU), dropout),
            Follower.LayerNorm => sum.LayerNorm(layer, default(SiLU), dropout),
            _ => sum.Activation(default(SiLU), dropout),
        };
    }

    [Fact]
    public void A_tensor_that_nothing_is_added_to_stays_the_callers()
    {
        var x = Samples.Normal(1, 4, 12).to(ScalarType.Float32);
        Accuracy.Same(x, ResidualSum.Of(x).Value(), 0);
        Accuracy.Same(rms.call(x), ResidualSum.Of(x).RMSNorm(out var sum, rms, default(Identity)), 0);
        sum.Dispose();
        Accuracy.Same(layer.call(x), ResidualSum.Of(x).LayerNorm(layer, default(Identity)), 0);
        Accuracy.Same(nn.functional.relu(x), ResidualSum.Of(x).Activation(default(ReLU)), 0);
        Assert.False(x.IsInvalid);
    }

    [Fact]
    public void A_sum_disposes_what_it_was_made_of_once_it_is_taken()
    {
        foreach (var take in new Action<ResidualSum>[]
        {
            sum => sum.Value(), sum => sum.RMSNorm(rms, default(Identity)), sum => sum.RMSNorm(out _, rms, default(Identity)),
            sum => sum.LayerNorm(layer, default(Identity)),
            sum => sum.Activation(default(ReLU)), sum => sum.Activation(out _, default(ReLU)),
        })
        {
            var (x, body) = (ones(2, 12), ones(2, 12));
            take(new ResidualSum(x, body));
            Assert.True(x.IsInvalid && body.IsInvalid);
        }
    }

    [Fact]
    public void No_tensor_outlives_a_step()
    {
        using var leaf = randn(9, 12).requires_grad_();
        LiveTensors.StayFlat(() =>
        {
            using var normalized = new ResidualSum(leaf.alias(), leaf * 2, dropPath).RMSNorm(out var sum, rms, default(SiLU), dropout);
            using var activated = new ResidualSum(sum, normalized.alias()).Activation(default(ReLU));
            using var loss = activated.sum();
            loss.backward();
        });
    }

    [Fact]
    public void Nothing_enters_the_graph_when_nothing_requires_a_gradient()
    {
        var (x, body) = (ones(4, 12), ones(4, 12).requires_grad_());
        Assert.True(Fused.AddActivation(x, body, default(ReLU)).requires_grad);
        Assert.False(Fused.AddActivation(x, body.detach(), default(ReLU)).requires_grad);
        using (no_grad())
        {
            Assert.False(Fused.AddActivation(x, body, default(ReLU)).requires_grad);
        }

        using (inference_mode())
        {
            Accuracy.Same(full([4, 12], 2), Fused.AddActivation(x, body, default(ReLU)), 0);
        }
    }

    [Fact]
    public void Errors_are_those_of_the_layers()
    {
        Assert.Throws<ArgumentNullException>(() => new ResidualSum(null!, ones(2)));
        Assert.Throws<ArgumentNullException>(() => new ResidualSum(ones(2), null!));
        Assert.Throws<ArgumentNullException>(() => ResidualSum.Of(null!));
        Assert.Contains(
            "a batch [N, ...]",
            Assert.Throws<ArgumentException>(() => Fused.AddActivation(ones([]), ones([]), default(ReLU), dropPath: dropPath)).Message);
        Assert.Throws<ArgumentException>(() => new ResidualSum(ones(2, 7), ones(2, 7)).RMSNorm(rms, default(Identity)));
    }

    [Fact]
    public void Samples_are_skipped_where_the_norm_goes_over_their_axis_too()
    {
        using var over = new RMSNorm([5, 12]);
        var (x, body) = (Samples.Normal(1, 5, 12).to(ScalarType.Float32), Samples.Normal(2, 5, 12).to(ScalarType.Float32));
        manual_seed(2);
        var expected = over.call(Fused.AddDropPath(x, body, dropPath));
        manual_seed(2);
        Accuracy.Same(expected, Fused.AddRMSNorm(x, body, over, default(Identity), dropPath: dropPath).Result, 1e-6);
    }
}

using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Training.Tests.Techniques;

public class SamTests
{
    [Theory]
    [InlineData(false, 0.05)]
    [InlineData(true, 0.5)]
    public void The_worst_point_is_the_reference(bool adaptive, double rho)
    {
        using var scope = NewDisposeScope();
        var model = Networks.WithBatchNorm();
        Parameter[] parameters = [.. model.parameters()];
        Backward(model);
        var weights = parameters.Select(Networks.Values).ToList();
        var gradients = parameters.Select(parameter => Networks.Values(parameter.grad!)).ToList();

        var sam = new Sam(parameters, rho, adaptive);
        sam.FirstStep();

        var scaled = weights.Zip(gradients, (weight, gradient) => weight.Zip(gradient, (w, g) => adaptive ? w * g : g).ToArray()).ToList();
        var norm = Math.Sqrt(scaled.Sum(values => values.Sum(value => value * value)));
        for (var index = 0; index < parameters.Length; index++)
        {
            var found = Networks.Values(parameters[index]);
            for (var place = 0; place < found.Length; place++)
            {
                var (w, g) = (weights[index][place], gradients[index][place]);
                Assert.Equal(w + (rho * (adaptive ? w * w * g : g) / norm), found[place], 1e-6);
            }
        }
    }

    [Fact]
    public void A_step_of_the_optimizer_follows_the_gradient_of_the_worst_point_from_the_own_weights()
    {
        using var scope = NewDisposeScope();
        // f(w) = Σ w⁴ / 4, so that the gradient w³ differs from place to place.
        double[] start = [1, -2, 0.5];
        var weight = new Parameter(tensor(start));
        var sam = new Sam([weight], rho: 0.3);
        var optimizer = optim.SGD([weight], learningRate: 0.1);

        weight.pow(4).sum().div(4).backward();
        sam.FirstStep();
        Assert.Null(weight.grad);
        weight.pow(4).sum().div(4).backward();
        sam.Restore();
        Assert.Equal(start, Networks.Values(weight));
        optimizer.step();

        var norm = Math.Sqrt(start.Sum(w => Math.Pow(w, 6)));
        var expected = start.Select(w => w - (0.1 * Math.Pow(w + (0.3 * w * w * w / norm), 3)));
        Assert.All(expected.Zip(Networks.Values(weight)), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    [Fact]
    public void Gradients_of_zero_move_nothing()
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(ones(3));
        weight.mul(0).sum().backward();
        var sam = new Sam([weight]);

        sam.FirstStep();

        Assert.Equal([1, 1, 1], Networks.Values(weight));
    }

    [Fact]
    public void Frozen_parameters_and_those_without_a_gradient_stay()
    {
        using var scope = NewDisposeScope();
        var model = Networks.WithBatchNorm();
        Parameter[] parameters = [.. model.parameters()];
        parameters[0].requires_grad = false;
        var unused = new Parameter(ones(2));
        Backward(model);
        var before = Networks.Values(parameters[0]);

        new Sam([.. parameters, unused]).FirstStep();

        Assert.Equal(before, Networks.Values(parameters[0]));
        Assert.Equal([1, 1], Networks.Values(unused));
    }

    [Fact]
    public void A_parameter_given_twice_moves_once()
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(zeros(1));
        weight.sum().backward();

        new Sam([weight, weight], rho: 0.5).FirstStep();

        Assert.Equal(0.5, Networks.Values(weight)[0], 1e-6);
    }

    [Fact]
    public void The_norm_of_half_precision_does_not_overflow()
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(zeros(4, ScalarType.Float16));
        weight.mul(60000).sum().backward();

        new Sam([weight], rho: 1).FirstStep();

        Assert.All(Networks.Values(weight), value => Assert.Equal(0.5, value, 1e-3));
    }

    [Fact]
    public void After_a_gradient_that_is_no_number_the_weights_come_back()
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(ones(2));
        weight.mul(double.NaN).sum().backward();
        var sam = new Sam([weight]);
        sam.FirstStep();

        sam.Restore();

        Assert.Equal([1, 1], Networks.Values(weight));
    }

    [Fact]
    public void Steps_out_of_order_are_told()
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(ones(2));
        var sam = new Sam([weight]);

        Assert.Throws<InvalidOperationException>(sam.Restore);
        Assert.Throws<InvalidOperationException>(sam.FirstStep);
        weight.sum().backward();
        sam.FirstStep();
        Assert.Throws<InvalidOperationException>(sam.FirstStep);
        sam.Restore();
        Assert.Throws<InvalidOperationException>(sam.Restore);
    }

    [Fact]
    public void A_sparse_gradient_is_told()
    {
        using var scope = NewDisposeScope();
        var embedding = nn.Embedding(4, 2, sparse: true);
        embedding.call(tensor(new long[] { 1, 2 })).sum().backward();

        Assert.Contains("sparse", Assert.Throws<InvalidOperationException>(new Sam(embedding.parameters()).FirstStep).Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_radius_out_of_range_is_told(double rho) => Assert.Throws<ArgumentOutOfRangeException>(() => new Sam([], rho));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Memory_is_flat(bool adaptive)
    {
        using var weight = new Parameter(ones(3));
        using var gradient = ones(3);
        var sam = new Sam([weight], adaptive: adaptive);

        Memory.AssertFlat(() =>
        {
            weight.grad = gradient;
            sam.FirstStep();
            sam.Restore();
        });
    }

    private static void Backward(nn.Module<Tensor, Tensor> model) => model.call(randn(8, 3)).square().sum().backward();
}

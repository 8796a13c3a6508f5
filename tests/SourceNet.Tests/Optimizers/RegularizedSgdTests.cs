using SourceNet.Tests.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Tests.Optimizers;

public class RegularizedSgdTests
{
    private static double[] Reference(
        double[] start, IEnumerable<double[]> gradients, double lr, double momentum, double dampening, bool nesterov, bool maximize, double decay, double l1)
    {
        var w = (double[])start.Clone();
        double[]? velocity = null;
        foreach (var gradient in gradients)
        {
            double[] g = [.. gradient.Select(value => maximize ? -value : value)];
            velocity = velocity is null ? (double[])g.Clone() : [.. velocity.Zip(g, (v, value) => momentum * v + (1 - dampening) * value)];
            for (var i = 0; i < w.Length; i++)
            {
                w[i] -= lr * decay * w[i];
                w[i] -= lr * (momentum == 0 ? g[i] : nesterov ? g[i] + momentum * velocity[i] : velocity[i]);
                w[i] = Math.Sign(w[i]) * Math.Max(Math.Abs(w[i]) - lr * l1, 0);
            }
        }

        return w;
    }

    private static List<double[]> Gradients(int steps, params long[] shape) =>
        [.. Enumerable.Range(0, steps).Select(step => Samples.Normal(100 + step, shape).Values())];

    private static void Step(optim.Optimizer optimizer, Tensor parameter, double[] gradient)
    {
        using var tensor = torch.tensor(gradient, parameter.shape, dtype: parameter.dtype);
        parameter.grad = tensor;
        optimizer.step();
    }

    [Theory]
    [InlineData(0, 0, false, false, 0, 0)]
    [InlineData(0, 0, false, true, 0.1, 0.2)]
    [InlineData(0.9, 0, false, false, 0.1, 0)]
    [InlineData(0.9, 0.3, false, false, 0, 0.2)]
    [InlineData(0.9, 0, true, false, 0.1, 0.2)]
    [InlineData(0.9, 0, true, true, 0.1, 0.2)]
    public void Follows_the_formulas_for_50_steps(double momentum, double dampening, bool nesterov, bool maximize, double decay, double l1)
    {
        using var parameter = new Parameter(Samples.Normal(1, 5, 7));
        var start = parameter.Values();
        using var optimizer = new RegularizedSgd([parameter], 0.05, momentum, dampening, decay, nesterov, maximize, l1);
        var gradients = Gradients(50, 5, 7);
        gradients.ForEach(gradient => Step(optimizer, parameter, gradient));
        var expected = Reference(start, gradients, 0.05, momentum, dampening, nesterov, maximize, decay, l1);
        Samples.Close(expected, parameter);
        Assert.Equal(expected.Select(w => w == 0), parameter.Values().Select(w => w == 0));
    }

    [Theory]
    [InlineData(0, 0, false, false)]
    [InlineData(0.9, 0, false, false)]
    [InlineData(0.9, 0.5, false, false)]
    [InlineData(0.9, 0, true, false)]
    [InlineData(0.9, 0, true, true)]
    public void Steps_as_torchs_SGD_does(double momentum, double dampening, bool nesterov, bool maximize)
    {
        using var ours = new Parameter(Samples.Normal(1, 33, 17).to(ScalarType.Float32));
        using var theirs = new Parameter(ours.detach().clone());
        using var optimizer = new RegularizedSgd([ours], 0.01, momentum, dampening, 0, nesterov, maximize);
        using var torchs = optim.SGD([theirs], 0.01, momentum, dampening, 0, nesterov, maximize);
        foreach (var gradient in Gradients(50, 33, 17))
        {
            Step(optimizer, ours, gradient);
            Step(torchs, theirs, gradient);
        }

        Samples.Close(theirs.Values(), ours, 1e-6);
    }

    [Fact]
    public void Without_momentum_decoupled_decay_is_torchs_coupled_one()
    {
        using var ours = new Parameter(Samples.Normal(1, 12));
        using var theirs = new Parameter(Samples.Normal(1, 12));
        using var optimizer = new RegularizedSgd([ours], 0.1, weightDecay: 0.2);
        using var torchs = optim.SGD([theirs], 0.1, weight_decay: 0.2);
        foreach (var gradient in Gradients(10, 12))
        {
            Step(optimizer, ours, gradient);
            Step(torchs, theirs, gradient);
        }

        Samples.Close(theirs.Values(), ours, 1e-12);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0.8, false)]
    [InlineData(0.8, true)]
    public void Finds_the_zeros_and_the_values_of_the_lasso(double momentum, bool nesterov)
    {
        const double Strength = 0.15;
        var problem = new SparseRegression();
        var found = problem.Train(w => new RegularizedSgd([w], 0.1, momentum, nesterov: nesterov, l1: Strength / (1 - momentum)), 3000);
        SparseRegression.Same(problem.Solution(Strength, 0), found, 1e-10);
    }

    [Fact]
    public void Finds_the_zeros_and_the_values_of_the_elastic_net()
    {
        var problem = new SparseRegression();
        var found = problem.Train(w => new RegularizedSgd([w], 0.2, weightDecay: 0.3, l1: 0.15), 3000);
        SparseRegression.Same(problem.Solution(0.15, 0.3), found, 1e-10);
    }

    [Fact]
    public void OneCycleLR_drives_learning_rate_and_momentum()
    {
        using var parameter = new Parameter(Samples.Normal(1, 6));
        using var twin = new Parameter(Samples.Normal(1, 6));
        using var optimizer = new RegularizedSgd([parameter], 0.01, momentum: 0.9);
        using var torchs = optim.SGD([twin], 0.01, momentum: 0.9);
        var scheduler = optim.lr_scheduler.OneCycleLR(optimizer, max_lr: 0.1, total_steps: 20);
        var theirs = optim.lr_scheduler.OneCycleLR(torchs, max_lr: 0.1, total_steps: 20);
        foreach (var gradient in Gradients(15, 6))
        {
            Step(optimizer, parameter, gradient);
            Step(torchs, twin, gradient);
            scheduler.step();
            theirs.step();
        }

        Assert.NotEqual(0.9, ((optim.IMomentum)optimizer.ParamGroups.Single()).Momentum);
        Samples.Close(twin.Values(), parameter, 1e-12);
    }

    [Fact]
    public void CyclicLR_drives_it_as_it_drives_torchs()
    {
        using var parameter = new Parameter(Samples.Normal(1, 6));
        using var twin = new Parameter(Samples.Normal(1, 6));
        using var optimizer = new RegularizedSgd([parameter], 0.01, momentum: 0.9);
        using var torchs = optim.SGD([twin], 0.01, momentum: 0.9);
        var scheduler = optim.lr_scheduler.CyclicLR(optimizer, 0.01, 0.1, step_size_up: 4);
        var theirs = optim.lr_scheduler.CyclicLR(torchs, 0.01, 0.1, step_size_up: 4);
        foreach (var gradient in Gradients(6, 6))
        {
            Step(optimizer, parameter, gradient);
            Step(torchs, twin, gradient);
            scheduler.step();
            theirs.step();
            Assert.Equal(torchs.ParamGroups.Single().LearningRate, optimizer.ParamGroups.Single().LearningRate);
        }

        Samples.Close(twin.Values(), parameter, 1e-12);
    }

    [Fact]
    public void A_saved_state_continues_bit_for_bit()
    {
        using var parameter = new Parameter(Samples.Normal(1, 6));
        using var copy = new Parameter(Samples.Normal(1, 6));
        using var optimizer = new RegularizedSgd([parameter], 0.05, momentum: 0.9, l1: 0.1);
        using var restored = new RegularizedSgd([copy], 0.7, momentum: 0.1, l1: 0.1);
        var gradients = Gradients(10, 6);
        gradients[..5].ForEach(gradient => Step(optimizer, parameter, gradient));

        using var stream = new MemoryStream();
        optimizer.save_state_dict(new BinaryWriter(stream));
        stream.Position = 0;
        restored.load_state_dict(new BinaryReader(stream));
        copy.Fill(parameter.Values());
        gradients[5..].ForEach(gradient =>
        {
            Step(optimizer, parameter, gradient);
            Step(restored, copy, gradient);
        });
        Assert.Equal(parameter.Values(), copy.Values());
    }

    [Fact]
    public void Numbers_outside_of_their_range_are_refused()
    {
        using var parameter = new Parameter(zeros(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RegularizedSgd([parameter], -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RegularizedSgd([parameter], 0.1, momentum: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RegularizedSgd([parameter], 0.1, dampening: double.NaN));
        Assert.Throws<ArgumentException>(() => new RegularizedSgd([parameter], 0.1, nesterov: true));
        Assert.Throws<ArgumentException>(() => new RegularizedSgd([parameter], 0.1, momentum: 0.9, dampening: 0.1, nesterov: true));
    }
}

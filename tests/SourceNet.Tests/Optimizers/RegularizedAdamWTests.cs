using SourceNet.Tests.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Tests.Optimizers;

public class RegularizedAdamWTests
{
    private static double[] Reference(
        double[] start, IEnumerable<double[]> gradients, double lr, double beta1, double beta2, double eps, double decay, double l1, bool amsgrad,
            bool maximize)
    {
        var w = (double[])start.Clone();
        var (m, v, largest) = (new double[w.Length], new double[w.Length], new double[w.Length]);
        var step = 0;
        foreach (var gradient in gradients)
        {
            step++;
            for (var i = 0; i < w.Length; i++)
            {
                var g = maximize ? -gradient[i] : gradient[i];
                w[i] -= lr * decay * w[i];
                m[i] = beta1 * m[i] + (1 - beta1) * g;
                v[i] = beta2 * v[i] + (1 - beta2) * g * g;
                largest[i] = Math.Max(largest[i], v[i]);
                var mean = m[i] / (1 - Math.Pow(beta1, step));
                var square = (amsgrad ? largest[i] : v[i]) / (1 - Math.Pow(beta2, step));
                w[i] -= lr * mean / (Math.Sqrt(square) + eps);
                w[i] = Math.Sign(w[i]) * Math.Max(Math.Abs(w[i]) - lr * l1, 0);
            }
        }

        return w;
    }

    private static List<double[]> Gradients(int steps, params long[] shape) => [.. Enumerable.Range(0, steps).Select(step =>
        // Ever smaller, so that the largest second moment is not the present one.
        Samples.Normal(100 + step, shape).Values().Select(g => g * Math.Exp(-0.05 * step)).ToArray())];

    private static void Step(optim.Optimizer optimizer, Tensor parameter, double[] gradient)
    {
        using var tensor = torch.tensor(gradient, parameter.shape, dtype: parameter.dtype);
        parameter.grad = tensor;
        optimizer.step();
    }

    [Theory]
    [InlineData(0, 0, false, false)]
    [InlineData(0.1, 0, false, false)]
    [InlineData(0, 0.3, false, false)]
    [InlineData(0.1, 0.3, true, false)]
    [InlineData(0.1, 0.3, false, true)]
    [InlineData(0.1, 0.3, true, true)]
    public void Follows_the_formulas_for_50_steps(double decay, double l1, bool amsgrad, bool maximize)
    {
        using var parameter = new Parameter(Samples.Normal(1, 5, 7));
        var start = parameter.Values();
        using var optimizer = new RegularizedAdamW([parameter], 0.02, 0.8, 0.95, 1e-6, decay, amsgrad, maximize, l1);
        var gradients = Gradients(50, 5, 7);
        gradients.ForEach(gradient => Step(optimizer, parameter, gradient));
        var expected = Reference(start, gradients, 0.02, 0.8, 0.95, 1e-6, decay, l1, amsgrad, maximize);
        Samples.Close(expected, parameter);
        Assert.Equal(l1 > 0, parameter.Values().Contains(0));
        Assert.Equal(expected.Select(w => w == 0), parameter.Values().Select(w => w == 0));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Steps_as_torchs_AdamW_does(bool amsgrad, bool maximize)
    {
        using var ours = new Parameter(Samples.Normal(1, 33, 17).to(ScalarType.Float32));
        using var theirs = new Parameter(ours.detach().clone());
        using var optimizer = new RegularizedAdamW([ours], 0.01, 0.9, 0.999, 1e-8, 0.1, amsgrad, maximize);
        using var torchs = optim.AdamW([theirs], 0.01, 0.9, 0.999, 1e-8, 0.1, amsgrad, maximize);
        foreach (var gradient in Gradients(50, 33, 17))
        {
            Step(optimizer, ours, gradient);
            Step(torchs, theirs, gradient);
        }

        Samples.Close(theirs.Values(), ours, 1e-6);
    }

    [Fact]
    public void Groups_have_their_own_regularization()
    {
        using var decayed = new Parameter(Samples.Normal(1, 4, 4));
        using var sparse = new Parameter(Samples.Normal(2, 4, 4));
        using var free = new Parameter(Samples.Normal(3, 4));
        Parameter[] all = [decayed, sparse, free];
        double[][] starts = [.. all.Select(parameter => parameter.Values())];
        using var optimizer = new RegularizedAdamW(
        [
            new RegularizedGroup("decay", new() { WeightDecay = 0.5 }, [decayed]),
            new RegularizedGroup("sparse", new() { L1 = 0.4 }, [sparse]),
            new RegularizedGroup("no decay", WeightRegularization.None, [free]),
        ], 0.05);
        var gradients = all.Select((parameter, index) => Enumerable.Range(0, 10).Select(
            step => Samples.Normal(50 + index * 10 + step, parameter.shape).Values()).ToList()).ToArray();
        for (var step = 0; step < 10; step++)
        {
            for (var index = 0; index < all.Length; index++)
            {
                all[index].grad = tensor(gradients[index][step], all[index].shape);
            }

            optimizer.step();
        }

        (double Decay, double L1)[] rules = [(0.5, 0), (0, 0.4), (0, 0)];
        for (var index = 0; index < all.Length; index++)
        {
            Samples.Close(Reference(starts[index], gradients[index], 0.05, 0.9, 0.999, 1e-8, rules[index].Decay, rules[index].L1, false, false), all[index]);
        }

        Assert.Equal(["decay", "sparse", "no decay"], optimizer.Groups.Select(group => group.Name));
        Assert.Equal(all, optimizer.parameters());
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.1)]
    public void Finds_the_zeros_and_the_values_of_the_lasso(double eps)
    {
        // At rest m is the gradient g and √v its size, so a weight stays where |g| / (|g| + ε) = l1: the lasso of strength l1 ε / (1 − l1).
        const double Strength = 0.15;
        var problem = new SparseRegression();
        var l1 = Strength / (eps + Strength);
        var found = problem.Train(w => new RegularizedAdamW([w], 0.05 * eps, 0.9, 0.9, eps, l1: l1), 6000);
        SparseRegression.Same(problem.Solution(Strength, 0), found, 1e-8);
    }

    [Fact]
    public void Finds_the_zeros_and_the_values_of_the_elastic_net()
    {
        // With a large ε Adam's denominator is ε, up to one part in 10⁵.
        const double Eps = 1e5;
        var problem = new SparseRegression();
        var found = problem.Train(w => new RegularizedAdamW([w], 0.2 * Eps, 0.5, 0.9, Eps, weightDecay: 0.2 / Eps, l1: 0.15 / Eps), 2000);
        SparseRegression.Same(problem.Solution(0.15, 0.2), found, 1e-4);
    }

    [Fact]
    public void Rests_where_gradient_decay_and_L1_balance()
    {
        const double Eps = 0.5;
        var problem = new SparseRegression();
        var w = problem.Train(w => new RegularizedAdamW([w], 0.02, 0.9, 0.9, Eps, weightDecay: 0.05, l1: 0.2), 8000);
        var gradient = problem.Gradient(w);
        for (var index = 0; index < w.Length; index++)
        {
            var pull = gradient[index] / (Math.Abs(gradient[index]) + Eps);
            if (w[index] == 0)
            {
                Assert.InRange(Math.Abs(pull), 0, 0.2);
            }
            else
            {
                Assert.Equal(-0.2 * Math.Sign(w[index]) - 0.05 * w[index], pull, 1e-8);
            }
        }

        Assert.Contains(0, w);
    }

    [Fact]
    public void StepLR_drives_it()
    {
        using var parameter = new Parameter(Samples.Normal(1, 6));
        var expected = parameter.Values();
        using var optimizer = new RegularizedAdamW([parameter], 0.1);
        var scheduler = optim.lr_scheduler.StepLR(optimizer, 2, 0.5);
        using var twin = new Parameter(Samples.Normal(1, 6));
        using var torchs = optim.AdamW([twin], 0.1);
        var theirs = optim.lr_scheduler.StepLR(torchs, 2, 0.5);
        foreach (var gradient in Gradients(7, 6))
        {
            Step(optimizer, parameter, gradient);
            Step(torchs, twin, gradient);
            scheduler.step();
            theirs.step();
        }

        Assert.Equal(0.0125, optimizer.ParamGroups.Single().LearningRate, 1e-12);
        Assert.Equal(0.1, optimizer.ParamGroups.Single().InitialLearningRate);
        Samples.Close(twin.Values(), parameter, 1e-12);
    }

    [Fact]
    public void CosineAnnealingLR_drives_every_group()
    {
        using var first = new Parameter(Samples.Normal(1, 6));
        using var second = new Parameter(Samples.Normal(2, 6));
        using var optimizer = new RegularizedAdamW([new RegularizedGroup("decay", new() { WeightDecay = 0.1 }, [first])], 0.1);
        optimizer.AddGroup(new RegularizedGroup("no decay", WeightRegularization.None, [second]), learningRate: 0.4);
        var scheduler = optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max: 10);
        for (var step = 0; step < 5; step++)
        {
            scheduler.step();
        }

        Assert.Equal([0.05, 0.2], optimizer.ParamGroups.Select(group => Math.Round(group.LearningRate, 10)));
    }

    [Fact]
    public void OneCycleLR_drives_learning_rate_and_beta1()
    {
        using var parameter = new Parameter(Samples.Normal(1, 6));
        using var twin = new Parameter(Samples.Normal(1, 6));
        using var optimizer = new RegularizedAdamW([parameter], 0.01);
        using var torchs = optim.AdamW([twin], 0.01);
        var scheduler = optim.lr_scheduler.OneCycleLR(optimizer, max_lr: 0.1, total_steps: 20);
        var theirs = optim.lr_scheduler.OneCycleLR(torchs, max_lr: 0.1, total_steps: 20);
        List<double> betas = [];
        foreach (var gradient in Gradients(15, 6))
        {
            Step(optimizer, parameter, gradient);
            Step(torchs, twin, gradient);
            scheduler.step();
            theirs.step();
            var group = (optim.IBetas)optimizer.ParamGroups.Single();
            betas.Add(group.Betas.Item1);
            Assert.Equal(((optim.IBetas)torchs.ParamGroups.Single()).Betas, group.Betas);
        }

        Assert.True(betas.Max() - betas.Min() > 0.05);
        Samples.Close(twin.Values(), parameter, 1e-12);
    }

    private static void Train(RegularizedAdamW optimizer, Parameter[] parameters, int from, int to)
    {
        for (var step = from; step < to; step++)
        {
            foreach (var (parameter, index) in parameters.Select((parameter, index) => (parameter, index)))
            {
                parameter.grad = Samples.Normal(step * 10 + index, parameter.shape).to(parameter.dtype);
            }

            optimizer.step();
        }
    }

    private static (RegularizedAdamW Optimizer, Parameter[] Parameters) Create()
    {
        Parameter[] parameters = [new(Samples.Normal(1, 4, 3).to(ScalarType.Float32)), new(Samples.Normal(2, 5).to(ScalarType.Float32))];
        return (new([new RegularizedGroup("decay", new() { WeightDecay = 0.1, L1 = 0.01 }, [parameters[0]]),
            new RegularizedGroup("no decay", WeightRegularization.None, [parameters[1]])], 0.02, amsgrad: true), parameters);
    }

    [Fact]
    public void A_saved_state_continues_bit_for_bit()
    {
        var (optimizer, parameters) = Create();
        Train(optimizer, parameters, 0, 5);
        optimizer.ParamGroups.First().LearningRate = 0.005;
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            optimizer.save_state_dict(writer);
        }

        var (restored, copies) = Create();
        for (var index = 0; index < copies.Length; index++)
        {
            copies[index].Fill(parameters[index].Values());
        }

        stream.Position = 0;
        restored.load_state_dict(new BinaryReader(stream));
        Assert.Equal(stream.Length, stream.Position);
        Assert.Equal([0.005, 0.02], restored.ParamGroups.Select(group => group.LearningRate));

        var (handed, others) = Create();
        for (var index = 0; index < others.Length; index++)
        {
            others[index].Fill(parameters[index].Values());
        }

        handed.load_state_dict(optimizer.state_dict());
        Assert.All(optimizer.state_dict().State.Zip(handed.state_dict().State), pair => Assert.True(pair.First.ApproximatelyEquals(pair.Second)));

        Train(optimizer, parameters, 5, 10);
        Train(restored, copies, 5, 10);
        Train(handed, others, 5, 10);
        for (var index = 0; index < copies.Length; index++)
        {
            Assert.Equal(parameters[index].Values(), copies[index].Values());
            Assert.Equal(parameters[index].Values(), others[index].Values());
        }
    }

    [Fact]
    public void A_state_saved_before_the_first_step_loads()
    {
        var (optimizer, _) = Create();
        using var stream = new MemoryStream();
        optimizer.save_state_dict(new BinaryWriter(stream));
        var (other, parameters) = Create();
        Train(other, parameters, 0, 3);
        stream.Position = 0;
        other.load_state_dict(new BinaryReader(stream));
        Assert.All(optimizer.state_dict().State.Zip(other.state_dict().State), pair => Assert.True(pair.First.ApproximatelyEquals(pair.Second)));
    }

    [Fact]
    public void A_state_of_other_shapes_is_refused_with_both()
    {
        var (optimizer, parameters) = Create();
        Train(optimizer, parameters, 0, 1);
        using var stream = new MemoryStream();
        optimizer.save_state_dict(new BinaryWriter(stream));

        using var other = new Parameter(zeros(3, 4));
        using var small = new Parameter(zeros(5));
        using var wrong = new RegularizedAdamW([new RegularizedGroup("decay", WeightRegularization.None, [other]),
            new RegularizedGroup("no decay", WeightRegularization.None, [small])]);
        stream.Position = 0;
        var error = Assert.Throws<InvalidDataException>(() => wrong.load_state_dict(new BinaryReader(stream)));
        Assert.Contains("[4, 3]", error.Message);
        Assert.Contains("[3, 4]", error.Message);
    }

    [Fact]
    public void Betas_are_those_of_groups_to_come()
    {
        using var parameter = new Parameter(zeros(3));
        using var late = new Parameter(zeros(3));
        using var optimizer = new RegularizedAdamW([parameter], 0.1, 0.7, 0.8);
        Assert.Equal((0.7, 0.8), optimizer.Betas);
        optimizer.Betas = (0.5, 0.6);
        optimizer.AddGroup(new RegularizedGroup("late", WeightRegularization.None, [late]));
        Assert.Equal([(0.7, 0.8), (0.5, 0.6)], optimizer.ParamGroups.Cast<optim.IBetas>().Select(group => group.Betas));
    }

    [Fact]
    public void Numbers_outside_of_their_range_are_refused_by_name()
    {
        using var parameter = new Parameter(zeros(3));
        Refused("learningRate", () => new([parameter], -1));
        Refused("learningRate", () => new([parameter], double.NaN));
        Refused("beta1", () => new([parameter], beta1: 1));
        Refused("beta2", () => new([parameter], beta2: -0.1));
        Refused("eps", () => new([parameter], eps: -1));
        Refused("WeightDecay", () => new([parameter], weightDecay: -1));
        Refused("L1", () => new([parameter], l1: -1));

        static void Refused(string name, Func<RegularizedAdamW> create) =>
            Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(create).ParamName);
    }
}

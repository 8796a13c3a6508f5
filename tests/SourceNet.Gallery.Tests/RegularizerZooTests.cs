using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

/// <summary>What is declared about weights holds after the optimizer's step, for the weights it was declared for and no others.</summary>
public sealed class RegularizerZooTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly RegularizerZoo _model;
    private readonly Dictionary<string, Tensor> _before;

    public RegularizerZooTests()
    {
        manual_seed(4);
        _model = new RegularizerZoo();
        _before = _model.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter.detach().clone());
    }

    public void Dispose()
    {
        _model.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void L1_makes_exact_zeros_only_where_it_is_declared()
    {
        var optimizer = WithoutGradients();
        for (var step = 0; step < 10; step++)
        {
            optimizer.step();
        }

        // Ten steps of lr * strength: all weights up to 0.1 and 0.04, of up to 0.29.
        Assert.InRange(Zeros("sparse"), 30, 70);
        Assert.InRange(Zeros("elastic"), 10, 30);
        Assert.Equal(0, Zeros("ridge"));

        int Zeros(string block) => (int)(Weight(block) == 0).sum().ToInt64();
    }

    [Fact]
    public void What_is_declared_about_training_can_be_read()
    {
        var expected = new DeclaredTraining
        {
            EmaDecay = 0.999,
            EmaWarmUp = false,
            SwaFrom = 0.5,
            SamRho = 0.04,
            RDrop = 0.3,
            MixUp = 0.2,
            CutMix = 1,
            EarlyStoppingPatience = 7
        };

        Assert.Equal(expected, _model.DeclaredTraining);
        using var other = new SimpleCnn();
        Assert.Equal(DeclaredTraining.None, other.DeclaredTraining);
    }

    [Fact]
    public void Bounds_hold()
    {
        Train(20);

        Assert.InRange(Norms("bounded", 1).max().ToDouble(), 0, 0.3 + 1e-5);
        Assert.InRange((Norms("on_sphere", 1) - 1).abs().max().ToDouble(), 0, 1e-5);
        Assert.InRange((Norms("on_sphere_transposed", 0, 2, 3) - 1).abs().max().ToDouble(), 0, 1e-5);
        Assert.InRange(Weight("on_sphere_transposed").min().ToDouble(), 0, 1);
        // [in, out / groups, 2, 2]: each half of the inputs has outputs of its own.
        var grouped = Weight("on_sphere_grouped").view(2, 2, 3, 2, 2);
        Assert.InRange((grouped.square().sum([1, 3, 4]) - 1).abs().max().ToDouble(), 0, 1e-5);
        Assert.InRange(Weight("positive").min().ToDouble(), 0, 1);
        Assert.True((Weight("ridge") < 0).any().item<bool>());
        var rotated = Weight("rotated");
        Assert.InRange((rotated.matmul(rotated.t()) - eye(8)).abs().max().ToDouble(), 0, 1e-5);

        Tensor Norms(string block, params long[] axes) => Weight(block).square().sum(axes).sqrt();
    }

    [Fact]
    public void Decay_shrinks_what_gets_no_gradient_and_leaves_the_rest_alone()
    {
        WithoutGradients().step();

        // 1 - lr * decay; the block's own 0 switches the class's default off, and biases have none.
        AssertScaled("bounded.linear.weight", 0.995, atMost: true);
        AssertScaled("logits.linear.weight", 1);
        AssertScaled("ridge.linear.weight", 1);
        AssertScaled("bounded.linear.bias", 1);
    }

    /// <summary>An optimizer whose steps regularize, and nothing else.</summary>
    private RegularizedSgd WithoutGradients()
    {
        foreach (var parameter in _model.parameters())
        {
            parameter.grad = zeros_like(parameter);
        }

        return _model.CreateSgd(0.5);
    }

    private void AssertScaled(string name, double factor, bool atMost = false)
    {
        var (now, before) = (_model.get_parameter(name)!.detach(), _before[name]);
        var difference = atMost ? now.abs() - (before.abs() * factor) : (now - (before * factor)).abs();
        Assert.InRange(difference.max().ToDouble(), double.MinValue, 1e-6);
    }

    private Tensor Weight(string block) =>
        _model.named_parameters().Single(pair => pair.name.StartsWith(block + ".") && pair.name.EndsWith(".weight")).parameter.detach();

    private void Train(int steps)
    {
        var optimizer = _model.CreateOptimizer(0.01);
        var (input, target) = (randn(6, 12), randint(0, 4, [6], ScalarType.Int64));
        for (var step = 0; step < steps; step++)
        {
            optimizer.zero_grad();
            _model.Loss(_model.call(input), target).backward();
            optimizer.step();
        }
    }
}

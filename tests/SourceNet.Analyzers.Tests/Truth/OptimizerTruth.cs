using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Analyzers.Tests.Truth;

public class OptimizerTruth
{
    [Fact]
    [Truth("SN2001")]
    public void Adam_decays_a_weight_with_large_gradients_less_and_AdamW_all_alike()
    {
        Assert.True(
            Decayed(weight => optim.Adam(weight, lr: 1e-2, weight_decay: 0.1), gradient: 100) < 0.1 * Decayed(
                weight => optim.Adam(weight, lr: 1e-2, weight_decay: 0.1),
                gradient: 0.01f));
        Assert.Equal(
            1,
            Decayed(weight => optim.AdamW(weight, lr: 1e-2, weight_decay: 0.1), gradient: 100) / Decayed(
                weight => optim.AdamW(weight, lr: 1e-2, weight_decay: 0.1),
                gradient: 0.01f),
            2);
    }

    [Fact]
    [Truth("SN2003")]
    public void A_parameter_group_brings_its_own_default_rate_and_decay()
    {
        using var scope = NewDisposeScope();
        using var net = nn.Linear(2, 2);
        using var silent = optim.AdamW([new AdamW.ParamGroup(net.parameters(), weight_decay: 0.1)], lr: 0.5, weight_decay: 0.2);
        Assert.Equal(1e-3, silent.ParamGroups.Single().LearningRate);
        using var open = optim.AdamW(
            [new AdamW.ParamGroup { Parameters = net.parameters(), Options = new() { weight_decay = 0.1 } }],
            lr: 0.5,
            weight_decay: 0.2);
        Assert.Equal(0.5, open.ParamGroups.Single().LearningRate);
    }

    [Fact]
    [Truth("SN2005")]
    public void A_penalty_and_a_decay_add_up()
    {
        Assert.Equal(2, Pulled(penalty: 1e-2, decay: 2e-2) / Pulled(penalty: 1e-2, decay: 0), 3);

        static double Pulled(double penalty, double decay)
        {
            using var scope = NewDisposeScope();
            var weight = new Parameter(ones(1));
            using var optimizer = optim.SGD([weight], 0.1, weight_decay: decay);
            (weight.pow(2).sum() * penalty).backward();
            optimizer.step();
            return 1 - weight.item<float>();
        }
    }

    [Fact]
    [Truth("SN2012")]
    public void A_plain_optimizer_does_not_decay_what_a_model_declares()
    {
        using var scope = NewDisposeScope();
        using var net = nn.Linear(2, 2);
        var before = net.weight.detach().clone();
        Step(optim.SGD(net.parameters(), 0.1));
        Assert.Equal(before.data<float>().ToArray(), net.weight.data<float>().ToArray());

        // What CreateOptimizer of a model with [WeightDecay(0.5)] makes.
        Step(new RegularizedSgd([new RegularizedGroup("decay", new() { WeightDecay = 0.5 }, [net.weight])], 0.1));
        Assert.True(net.weight.allclose(before * 0.95));

        void Step(optim.Optimizer optimizer)
        {
            net.weight.grad = zeros_like(net.weight);
            net.bias!.grad = zeros_like(net.bias!);
            optimizer.step();
        }
    }

    [Fact]
    [Truth("SN2015")]
    public void A_scheduler_that_resumes_on_a_fresh_optimizer_starts_from_another_rate()
    {
        using var weight = new Parameter(ones(1));
        using var optimizer = optim.SGD([weight], 0.1);
        optim.lr_scheduler.ExponentialLR(optimizer, 0.5, last_epoch: 3);
        Assert.NotEqual(0.1, optimizer.ParamGroups.Single().LearningRate, 1e-6);
    }

    [Fact]
    [Truth("SN2007")]
    public void An_optimizer_does_not_know_the_parameters_of_a_model_that_was_moved()
    {
        using var scope = NewDisposeScope();
        using var net = nn.Linear(2, 2);
        using var optimizer = optim.SGD(net.parameters(), 0.1, momentum: 0.9);
        net.to(ScalarType.Float64);
        net.call(ones(1, 2, ScalarType.Float64)).sum().backward();
        Assert.Throws<KeyNotFoundException>(() => optimizer.step());
    }

    [Fact]
    [Truth("SN2008")]
    public void Decay_makes_weights_grow_when_SGD_maximizes()
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(ones(1));
        using var optimizer = optim.SGD([weight], 0.1, weight_decay: 0.1, maximize: true);
        for (var step = 0; step < 100; step++)
        {
            weight.grad = zeros(1);
            optimizer.step();
        }

        Assert.True(weight.item<float>() > 2);
    }

    [Fact]
    [Truth("SN2009")]
    public void Backward_adds_to_the_gradients_of_all_batches_before()
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(ones(1));
        for (var batch = 1; batch <= 3; batch++)
        {
            (weight * 2).sum().backward();
            Assert.Equal(2 * batch, weight.grad!.item<float>());
        }
    }

    [Fact]
    [Truth("SN2010")]
    public void A_step_after_zero_grad_changes_nothing_and_a_scheduler_before_it_skips_the_first_rate()
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(ones(1));
        using var optimizer = optim.SGD([weight], 0.1);
        for (var batch = 0; batch < 3; batch++)
        {
            (weight * 2).sum().backward();
            optimizer.zero_grad();
            optimizer.step();
        }

        Assert.Equal(1, weight.item<float>());

        var scheduler = optim.lr_scheduler.StepLR(optimizer, 1, 0.5);
        scheduler.step();
        weight.grad = ones(1);
        optimizer.step();
        Assert.Equal(1 - 0.05, weight.item<float>(), 1e-6);
    }

    [Fact]
    [Truth("SN2011")]
    public void A_loss_of_probabilities_has_hardly_a_gradient_and_never_comes_to_zero()
    {
        using var scope = NewDisposeScope();
        var labels = tensor(new long[] { 0 });
        var (right, wrong) = (tensor(new[] { 10f, -10f }).reshape(1, 2), tensor(new[] { -10f, 10f }).reshape(1, 2));
        Assert.True(nn.functional.cross_entropy(right, labels).item<float>() < 1e-6);
        Assert.True(nn.functional.cross_entropy(nn.functional.softmax(right, 1), labels).item<float>() > 0.3);
        Assert.True(
            Slope(
                logits =>
                    nn.functional.cross_entropy(nn.functional.softmax(logits, 1), labels)) < 1e-6 * Slope(logits =>
                        nn.functional.cross_entropy(logits, labels)));

        var (target, score) = (zeros(1), tensor(new[] { -10f }));
        Assert.True(nn.functional.binary_cross_entropy_with_logits(score, target).item<float>() < 1e-4);
        Assert.True(nn.functional.binary_cross_entropy_with_logits(score.sigmoid(), target).item<float>() > 0.6);

        double Slope(Func<Tensor, Tensor> loss)
        {
            var logits = wrong.clone().requires_grad_();
            loss(logits).backward();
            return logits.grad!.abs().max().item<float>();
        }
    }

    /// <summary>How far the decay moved a weight of 1 in 20 steps: the difference to a weight of 0, which has none, under the same gradients.</summary>
    private static double Decayed(Func<Parameter[], optim.Optimizer> make, float gradient)
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(tensor(new[] { 1f, 0f }));
        var optimizer = make([weight]);
        for (var step = 0; step < 20; step++)
        {
            weight.grad = full(2, step % 2 == 0 ? gradient : -gradient);
            optimizer.step();
        }

        return 1 - (weight[0] - weight[1]).item<float>();
    }
}

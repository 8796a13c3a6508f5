using SourceNet.Tests.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SourceNet.Tests.Modes;

public class ModeScopeTests
{
    [Fact]
    public void Eval_scope_reaches_every_module_and_restores_train_mode()
    {
        using var model = new SmallLanguageModel();
        using (model.EvalScope())
        {
            Assert.All(Modules(model), module => Assert.False(module.training));
        }
        Assert.All(Modules(model), module => Assert.True(module.training));
    }

    [Fact]
    public void A_frozen_batch_norm_stays_in_eval_mode_afterwards()
    {
        using var model = new SmallCnn();
        model.block_norm.eval();
        using (model.EvalScope())
        {
            Assert.False(model.training);
        }
        Assert.False(model.block_norm.training);
        Assert.All(Modules(model).Where(module => module != model.block_norm), module => Assert.True(module.training));
    }

    [Fact]
    public void A_training_part_of_a_model_in_eval_mode_trains_again_afterwards()
    {
        using var model = new SmallCnn();
        model.eval();
        model.hidden_dropout.train();
        using (model.EvalScope())
        {
            Assert.False(model.hidden_dropout.training);
        }
        Assert.True(model.hidden_dropout.training);
        Assert.All(Modules(model).Where(module => module != model.hidden_dropout), module => Assert.False(module.training));
    }

    [Fact]
    public void An_exception_inside_the_scope_restores_the_modes()
    {
        using var model = new SmallCnn();
        Assert.Throws<FormatException>((Action)(() =>
        {
            using var scope = model.EvalScope();
            throw new FormatException();
        }));
        Assert.All(Modules(model), module => Assert.True(module.training));
    }

    [Fact]
    public void Scopes_nest()
    {
        using var model = new SmallCnn();
        using (model.EvalScope())
        {
            using (model.MonteCarloDropout())
            {
                Assert.True(model.hidden_dropout.training);
                using (model.EvalScope())
                {
                    Assert.False(model.hidden_dropout.training);
                }
                Assert.True(model.hidden_dropout.training);
            }
            Assert.All(Modules(model), module => Assert.False(module.training));
        }
        Assert.All(Modules(model), module => Assert.True(module.training));
    }

    [Fact]
    public void Disposing_a_scope_twice_restores_once()
    {
        using var model = new SmallCnn();
        var scope = model.EvalScope();
        scope.Dispose();
        model.eval();
        scope.Dispose();
        Assert.False(model.training);
    }

    [Fact]
    public void A_scope_on_a_part_leaves_the_rest_alone()
    {
        using var model = new SmallCnn();
        using (model.block_norm.EvalScope())
        {
            Assert.False(model.block_norm.training);
            Assert.True(model.training);
            Assert.True(model.hidden_dropout.training);
        }
        Assert.True(model.block_norm.training);
    }

    [Fact]
    public void Monte_carlo_dropout_trains_stochastic_layers_only()
    {
        using var own = new Noise();
        Module<Tensor, Tensor>[] stochastic = [Dropout(0.5), Dropout1d(0.5), Dropout2d(0.5), Dropout3d(0.5), AlphaDropout(0.5), FeatureAlphaDropout(0.5), own];
        using var linear = Linear(2, 2);
        using var norm = BatchNorm1d(2);
        using var model = Sequential([.. stochastic, linear, norm]);
        model.eval();
        using (model.MonteCarloDropout())
        {
            Assert.All(stochastic, layer => Assert.True(layer.training));
            // A stochastic layer's own parts are told apart too.
            Assert.False(own.part.training);
            Assert.False(linear.training);
            Assert.False(norm.training);
            Assert.False(model.training);
        }
        Assert.All(Modules(model), module => Assert.False(module.training));
        model.train();
        using (model.MonteCarloDropout())
        {
            Assert.True(own.training);
            Assert.False(own.part.training);
            Assert.False(norm.training);
        }
        Assert.All(Modules(model), module => Assert.True(module.training));
    }

    [Fact]
    public void Monte_carlo_samples_differ_and_leave_the_running_statistics_alone()
    {
        using var model = new SmallCnn(dropout: 0.5);
        using var images = randn(4, 3, 8, 8);
        using var before = model.block_norm.running_mean!.clone();
        using (model.MonteCarloDropout())
        using (no_grad())
        {
            using var first = model.call(images);
            using var second = model.call(images);
            Assert.False(first.allclose(second));
        }
        Assert.True(before.equal(model.block_norm.running_mean!).all().item<bool>());
    }

    [Fact]
    public void Deeply_nested_sequentials_keep_a_mode_for_each_module()
    {
        var norm = BatchNorm1d(2);
        Module<Tensor, Tensor> tree = Sequential(norm, Dropout(0.5));
        for (var depth = 0; depth < 6; depth++)
        {
            tree = Sequential(tree, Linear(2, 2));
        }
        using (tree)
        {
            norm.eval();
            using (tree.EvalScope())
            {
                Assert.All(Modules(tree), module => Assert.False(module.training));
            }
            Assert.False(norm.training);
            Assert.All(Modules(tree).Where(module => module != norm), module => Assert.True(module.training));
        }
    }

    [Fact]
    public void A_module_shared_by_two_parents_gets_its_own_mode_back()
    {
        using var shared = BatchNorm1d(2);
        using var inner = Sequential(shared);
        using var model = Sequential(shared, inner, Linear(2, 2));
        model.eval();
        inner.train();
        shared.eval();
        using (model.EvalScope())
        {
            Assert.False(inner.training);
        }
        Assert.False(shared.training);
        Assert.True(inner.training);
        Assert.False(model.training);
    }

    [Fact]
    public void Null_is_refused()
    {
        Assert.Throws<ArgumentNullException>(() => ((Module)null!).EvalScope());
        Assert.Throws<ArgumentNullException>(() => ((Module)null!).MonteCarloDropout());
    }

    private static Module[] Modules(Module root) => [root, .. root.modules()];

    private sealed class Noise : Module<Tensor, Tensor>, IStochasticLayer
    {
        internal readonly Linear part = Linear(2, 2);

        internal Noise() : base(nameof(Noise)) => register_module("part", part);

        public override Tensor forward(Tensor input) => input.alias();
    }
}

using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Analyzers.Tests.Truth;

/// <summary>What the warnings about modes warn of.</summary>
public class ModeTruth
{
    [Fact]
    [Truth("SN1001")]
    public void Without_gradients_a_module_in_train_mode_still_drops_and_learns_statistics()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var dropout = nn.Dropout(0.5);
        Assert.Contains(0f, dropout.call(ones(1000)).data<float>());
        dropout.eval();
        Assert.DoesNotContain(0f, dropout.call(ones(1000)).data<float>());

        var norm = nn.BatchNorm1d(1);
        norm.call(full(4, 1, 100f) + randn(4, 1));
        Assert.True(norm.running_mean!.item<float>() > 5);
    }

    [Fact]
    [Truth("SN1003")]
    public void In_eval_mode_a_training_step_drops_nothing_and_batch_norm_learns_nothing()
    {
        using var scope = NewDisposeScope();
        var norm = nn.BatchNorm1d(1);
        var net = nn.Sequential(nn.Dropout(0.5), norm);
        var optimizer = optim.SGD(net.parameters(), 0.1);
        net.eval();
        var first = net.call(full(8, 1, 3f));
        Assert.Equal(first.data<float>().ToArray(), net.call(full(8, 1, 3f)).data<float>().ToArray());
        first.sum().backward();
        optimizer.step();
        Assert.Equal(0, norm.running_mean!.item<float>());
        Assert.NotEqual(0, norm.bias!.item<float>());
    }

    [Fact]
    [Truth("SN1005")]
    public void A_dropped_scope_leaves_gradients_off_on_its_thread() => OnNewThread(() =>
    {
        Drop();
        using var weight = ones(1, requires_grad: true);
        using var y = weight * 2;
        Assert.False(is_grad_enabled());
        Assert.False(y.requires_grad);

        static void Drop() => no_grad();
    });

    [Fact]
    [Truth("SN1006")]
    public void A_functional_dropout_drops_in_eval_mode_and_an_alpha_dropout_never()
    {
        using var scope = NewDisposeScope();
        var block = new Block();
        block.eval();
        Assert.Contains(0f, block.call(ones(1000)).data<float>());
        Assert.All(nn.functional.alpha_dropout(ones(1000)).data<float>(), value => Assert.Equal(1f, value));
        Assert.All(nn.functional.feature_alpha_dropout(ones(10, 10, 10)).data<float>(), value => Assert.Equal(1f, value));
    }

    [Fact]
    [Truth("SN1007")]
    public void Attention_with_a_constant_rate_is_random_in_eval_mode()
    {
        using var scope = NewDisposeScope();
        var attention = new Attention();
        attention.eval();
        var x = randn(1, 2, 16, 8);
        Assert.False(attention.call(x).allclose(attention.call(x)));
    }

    [Fact]
    [Truth("SN1008")]
    public void Scopes_of_one_thread_do_not_hold_on_another()
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        OnNewThread(() =>
        {
            Assert.True(is_grad_enabled());
            using var weight = ones(1, requires_grad: true);
            using var y = weight * 2;
            Assert.True(y.requires_grad);
            Assert.DoesNotContain(y, scope.DisposablesView);
        });
    }

    [Fact]
    [Truth("SN1009")]
    public void One_value_a_channel_makes_the_running_variance_NaN_for_good()
    {
        using var scope = NewDisposeScope();
        var norm = nn.BatchNorm1d(3);
        norm.call(randn(1, 3));
        Assert.All(norm.running_var!.data<float>(), value => Assert.True(float.IsNaN(value)));
        norm.call(randn(64, 3));
        Assert.All(norm.running_var!.data<float>(), value => Assert.True(float.IsNaN(value)));
        norm.eval();
        Assert.All(norm.call(randn(2, 3)).data<float>(), value => Assert.True(float.IsNaN(value)));

        var images = nn.BatchNorm2d(3);
        images.call(randn(1, 3, 4, 4));
        Assert.All(images.running_var!.data<float>(), value => Assert.True(float.IsFinite(value)));
    }

    /// <summary>The state of gradients belongs to the thread: a test must not leave it changed on a thread of others.</summary>
    private static void OnNewThread(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(action));
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }

    private sealed class Block() : nn.Module<Tensor, Tensor>("block")
    {
        public override Tensor forward(Tensor input) => nn.functional.dropout(input, 0.5);
    }

    private sealed class Attention() : nn.Module<Tensor, Tensor>("attention")
    {
        public override Tensor forward(Tensor input) => nn.functional.scaled_dot_product_attention(input, input, input, p: 0.3);
    }
}

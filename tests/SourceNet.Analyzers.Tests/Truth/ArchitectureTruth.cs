using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Analyzers.Tests.Truth;

public class ArchitectureTruth
{
    [Fact]
    [Truth("SN3001")]
    public void Batch_norm_after_dropout_is_off_in_eval_mode()
    {
        Assert.InRange(Spread(nn.Dropout(0.5)), 0.5, 0.85);
        Assert.InRange(Spread(nn.Identity()), 0.98, 1.02);

        // The standard deviation after the norm in eval mode, which should be 1.
        static double Spread(nn.Module<Tensor, Tensor> before)
        {
            using var scope = NewDisposeScope();
            manual_seed(1);
            var net = nn.Sequential(before, nn.BatchNorm1d(8));
            var x = randn(4096, 8) + 1;
            for (var i = 0; i < 60; i++)
            {
                net.call(x);
            }

            net.eval();
            return net.call(x).std().item<float>();
        }
    }

    [Fact]
    [Truth("SN3002")]
    public void Dropout_of_1_lets_nothing_through_and_of_more_throws()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(0, nn.Dropout(1.0).call(ones(100)).abs().sum().item<float>());
        Assert.ThrowsAny<Exception>(() => nn.Dropout(1.5).call(ones(100)));
        Assert.ThrowsAny<Exception>(() => nn.Dropout(-0.1).call(ones(100)));
    }

    [Fact]
    [Truth("SN3004")]
    public void Dropout_of_perfect_logits_leaves_a_large_loss()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var classes = arange(10).repeat(100);
        var perfect = nn.functional.one_hot(classes, 10).to(ScalarType.Float32) * 20;
        Assert.InRange(nn.functional.cross_entropy(perfect, classes).item<float>(), 0, 1e-6);
        Assert.InRange(nn.functional.cross_entropy(nn.functional.dropout(perfect, 0.5, training: true), classes).item<float>(), 1, 2);
    }

    [Fact]
    [Truth("SN3007")]
    public void Logits_behind_a_relu_can_stop_learning()
    {
        using var scope = NewDisposeScope();
        var logits = nn.Parameter(tensor(new float[,] { { -1, 2, -3 } }));
        nn.functional.cross_entropy(logits.relu(), tensor(new long[] { 0 })).backward();
        Assert.Equal([0f, 0f], [logits.grad![0, 0].item<float>(), logits.grad[0, 2].item<float>()]);
        logits.grad = null;
        nn.functional.cross_entropy(logits, tensor(new long[] { 0 })).backward();
        Assert.True(logits.grad![0, 0].item<float>() < -0.9f);
    }

    [Fact]
    [Truth("SN3009")]
    public void Two_dropouts_of_a_half_keep_a_quarter()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var twice = nn.Sequential(nn.Dropout(0.5), nn.ReLU(), nn.Dropout(0.5)).call(ones(100_000));
        Assert.Equal(0.25, (twice != 0).to(ScalarType.Float32).mean().item<float>(), 2);
        Assert.Equal(4, twice.max().item<float>());
    }

    [Fact]
    [Truth("SN3010")]
    public void A_layer_made_in_forward_differs_each_time_and_ignores_eval()
    {
        using var scope = NewDisposeScope();
        var net = new MadeInForward();
        net.eval();
        var x = ones(1, 64);
        Assert.False(net.call(x).allclose(net.call(x)));
        Assert.Empty(net.parameters());
        net.OnlyDropout = true;
        Assert.Contains(0f, net.call(x).data<float>().ToArray());
    }

    private sealed class MadeInForward : nn.Module<Tensor, Tensor>
    {
        public MadeInForward()
            : base(nameof(MadeInForward)) => RegisterComponents();

        public bool OnlyDropout { get; set; }

        public override Tensor forward(Tensor input) => OnlyDropout ? nn.Dropout(0.5).call(input) : nn.Linear(64, 4).call(input);
    }
}

using System.Diagnostics;
using System.Runtime.InteropServices;
using SourceNet.CompilerServices;
using SourceNet.CompilerServices.Activations;
using SourceNet.Tests.Kernels.Vectors;
using SourceNet.Tests.Layers;
using TorchSharp;
using static TorchSharp.torch;
using RMSNorm = SourceNet.Layers.RMSNorm;

namespace SourceNet.Tests.Kernels.Rows;

/// <summary>The public operations: which way they go, what they do at the edges, and that they keep nothing.</summary>
public sealed class FusedTests
{
    private static readonly SiLU s_silu = default;

    [Fact]
    public void Tensors_that_no_kernel_reads_give_the_same_result()
    {
        using var scope = NewDisposeScope();
        using var norm = new RMSNorm(12);
        using var layer = nn.LayerNorm(12);
        var x = Samples.Normal(1, 12, 7).to(ScalarType.Float32);
        foreach (var function in new Func<Tensor, Tensor>[] { y =>
            Fused.RMSNorm(y, norm, s_silu), y => Fused.LayerNorm(y, layer, s_silu), y => Fused.AddRMSNorm(y, y, norm, s_silu).Result })
        {
            Accuracy.Same(function(x.t().contiguous()), function(x.t()), 2e-6);
        }

        using var wide = new RMSNorm(12);
        wide.to(ScalarType.Float64);
        Assert.Equal(ScalarType.Float64, Fused.RMSNorm(x.t().to(ScalarType.Float64), wide, s_silu).dtype);
    }

    [Fact]
    public void An_empty_batch_gives_an_empty_result()
    {
        using var scope = NewDisposeScope();
        using var norm = new RMSNorm(8);
        using var layer = nn.LayerNorm(8);
        using var dropout = nn.Dropout(0.5);
        var x = empty(0, 8).requires_grad_();
        foreach (var y in new[] { Fused.RMSNorm(x, norm, s_silu, dropout), Fused.LayerNorm(x, layer, s_silu, dropout), Fused.AddRMSNorm(x, x, norm, s_silu).Sum,
            Fused.SwiGlu(x, x), Fused.Dropout(x, dropout) })
        {
            Assert.Equal([0, 8], y.shape);
            y.sum().backward();
        }
    }

    [Fact]
    public void Shapes_that_do_not_fit_give_the_errors_of_the_modules()
    {
        using var scope = NewDisposeScope();
        using var norm = new RMSNorm(8);
        using var layer = nn.LayerNorm(8);
        var x = ones(3, 7);
        Assert.Equal(Assert.Throws<ArgumentException>(() => norm.call(x)).Message,
            Assert.Throws<ArgumentException>(() => Fused.RMSNorm(x, norm, s_silu)).Message);
        Assert.Equal(FirstLine(Assert.Throws<ExternalException>(() => layer.call(x))),
            FirstLine(Assert.Throws<ExternalException>(() => Fused.LayerNorm(x, layer, s_silu))));
        Assert.Throws<ExternalException>(() => Fused.SwiGlu(ones(3, 7), ones(3, 6)));
        Assert.Throws<ExternalException>(() => Fused.AddRMSNorm(ones(3, 8), ones(2, 8), norm, s_silu));

        static string FirstLine(Exception error) => error.Message.Split('\n')[0];
    }

    [Fact]
    public void Normalizing_over_two_axes_is_normalizing_over_both()
    {
        using var scope = NewDisposeScope();
        using var norm = new RMSNorm([4, 5]);
        using var layer = nn.LayerNorm([4, 5]);
        var x = Samples.Normal(1, 3, 4, 5).to(ScalarType.Float32);
        Accuracy.Same(nn.functional.silu(norm.Compose(x)), Fused.RMSNorm(x, norm, s_silu), 2e-6);
        Accuracy.Same(nn.functional.silu(layer.call(x)), Fused.LayerNorm(x, layer, s_silu), 2e-6);
    }

    [Fact]
    public void Dropout_acts_in_its_own_train_mode_only()
    {
        using var scope = NewDisposeScope();
        using var norm = new RMSNorm(64);
        using var dropout = nn.Dropout(0.5);
        using var never = nn.Dropout(0);
        var x = ones(10, 64);
        var expected = Fused.RMSNorm(x, norm, default(Sigmoid)).Values();
        Assert.Equal(expected, Fused.RMSNorm(x, norm, default(Sigmoid), never).Values());
        norm.eval();
        Assert.Contains(0, Fused.RMSNorm(x, norm, default(Sigmoid), dropout).Values());
        dropout.eval();
        norm.train();
        Assert.Equal(expected, Fused.RMSNorm(x, norm, default(Sigmoid), dropout).Values());
        Assert.Equal(x.Values(), Fused.Dropout(x, dropout).Values());
    }

    [Fact]
    public void A_rate_of_one_gives_zeros_and_zero_gradients()
    {
        using var scope = NewDisposeScope();
        using var dropout = nn.Dropout(1);
        var x = ones(3, 17).requires_grad_();
        var y = Fused.Activation(x, s_silu, dropout);
        y.sum().backward();
        Assert.All(y.Values().Concat(x.grad!.Values()), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Nothing_enters_the_graph_when_nothing_requires_a_gradient()
    {
        using var scope = NewDisposeScope();
        using var norm = new RMSNorm(16);
        var x = ones(4, 16);
        using (no_grad())
        {
            Assert.False(Fused.RMSNorm(x, norm, s_silu).requires_grad);
        }

        Assert.True(Fused.RMSNorm(x, norm, s_silu).requires_grad);
        norm.weight!.requires_grad = false;
        Assert.False(Fused.RMSNorm(x, norm, s_silu).requires_grad);
        using (inference_mode())
        {
            Assert.False(Fused.RMSNorm(x, norm, s_silu).requires_grad);
        }
    }

    [Fact]
    public void An_expanded_gradient_is_read_as_it_is()
    {
        using var scope = NewDisposeScope();
        using var norm = new RMSNorm(19);
        var values = Samples.Normal(1, 5, 19).to(ScalarType.Float32);
        var one = values.clone().requires_grad_();
        Fused.RMSNorm(one, norm, s_silu).sum().backward();
        var other = values.clone().requires_grad_();
        nn.functional.silu(norm.Compose(other)).sum().backward();
        Accuracy.Same(other.grad!, one.grad!, 1e-5);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 7)]
    [InlineData(5, 16)]
    [InlineData(33, 1001)]
    public void The_gated_product_is_as_precise_as_libtorch(int rows, int features)
    {
        using var scope = NewDisposeScope();
        var exact = Run(SwiGlu, ScalarType.Float64);
        var libtorchs = Run(SwiGlu, ScalarType.Float32);
        foreach (var width in VectorWidth.All)
        {
            using var vectors = new VectorWidth(width);
            var kernels = Run(Fused.SwiGlu, ScalarType.Float32);
            for (var index = 0; index < exact.Length; index++)
            {
                Accuracy.Check(exact[index], libtorchs[index], kernels[index], $"{index} of the gated product, width {width}");
            }
        }

        Tensor[] Run(Func<Tensor, Tensor, Tensor> function, ScalarType type)
        {
            var gate = Samples.Normal(1, rows, features).to(ScalarType.Float32).to(type).detach().requires_grad_();
            var up = Samples.Normal(2, rows, features).to(ScalarType.Float32).to(type).detach().requires_grad_();
            var y = function(gate, up);
            (y * Samples.Normal(3, rows, features).to(type)).sum().backward();
            return [y, gate.grad!, up.grad!];
        }

        static Tensor SwiGlu(Tensor gate, Tensor up) => nn.functional.silu(gate) * up;
    }

    [Fact]
    public void A_frozen_side_of_the_gated_product_gets_no_gradient()
    {
        using var scope = NewDisposeScope();
        var gate = ones(3, 20).requires_grad_();
        var up = ones(3, 20);
        Fused.SwiGlu(gate, up).sum().backward();
        Assert.NotNull(gate.grad);
        Assert.Null(up.grad);
    }

    [Theory]
    [InlineData(1000, 3, 4)]
    [InlineData(7, 40_001, 16)]
    [InlineData(50, 64, 8)]
    public void The_drop_path_keeps_or_drops_whole_samples(int samples, int features, int width)
    {
        using var scope = NewDisposeScope();
        using var vectors = new VectorWidth(width);
        using var dropPath = new SourceNet.Layers.DropPath(0.25);
        var x = Samples.Normal(1, samples, features).to(ScalarType.Float32).detach().requires_grad_();
        var body = ones(samples, features).requires_grad_();
        var y = Fused.AddDropPath(x, body, dropPath);
        var added = (y - x).detach();
        var factors = added.select(1, 0);
        Accuracy.Same(factors.unsqueeze(1).expand(samples, features), added, 1e-6);
        Assert.All(factors.Values(), factor => Assert.True(Math.Abs(factor) < 1e-6 || Math.Abs(factor - (4.0 / 3)) < 1e-6));
        if (samples == 1000)
        {
            Assert.InRange(factors.Values().Count(factor => factor < 0.5), 150, 350);
        }

        (y * 3).sum().backward();
        Accuracy.Same(full([samples, features], 3), x.grad!, 0);
        Accuracy.Same(added * 3, body.grad!, 1e-5);
        dropPath.eval();
        Accuracy.Same(x + body, Fused.AddDropPath(x, body, dropPath), 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(100)]
    [InlineData(40_003)]
    public void Activation_and_dropout_are_the_formula_with_one_mask_at_every_width(int count)
    {
        using var scope = NewDisposeScope();
        using var dropout = nn.Dropout(0.25);
        var x = Samples.Normal(1, count).to(ScalarType.Float32);
        var exact = x.to(ScalarType.Float64).requires_grad_();
        nn.functional.silu(exact).sum().backward();
        double[]? mask = null;
        foreach (var width in VectorWidth.All)
        {
            using var vectors = new VectorWidth(width);
            manual_seed(3);
            var leaf = x.detach().requires_grad_();
            var y = Fused.Activation(leaf, s_silu, dropout);
            y.sum().backward();
            var factors = y.detach().not_equal(0).to(ScalarType.Float64) / 0.75;
            mask ??= factors.Values();
            Assert.Equal(mask, factors.Values());
            Accuracy.Same(nn.functional.silu(exact.detach()) * factors, y.detach(), 1e-6);
            Accuracy.Same(exact.grad! * factors, leaf.grad!, 1e-6);
        }
    }

    [Fact]
    public void Dropout_alone_keeps_the_mean_and_passes_the_gradient_of_what_it_keeps()
    {
        using var scope = NewDisposeScope();
        using var dropout = nn.Dropout(0.3);
        var x = ones(100_003).requires_grad_();
        var y = Fused.Dropout(x, dropout);
        Assert.InRange(y.mean().item<float>(), 0.98f, 1.02f);
        y.sum().backward();
        Assert.Equal(y.Values(), x.grad!.Values());
    }

    [Fact]
    public void The_layers_do_the_same_as_the_formulas()
    {
        using var scope = NewDisposeScope();
        using var norm = new RMSNorm(33);
        var x = Samples.Normal(1, 5, 33).to(ScalarType.Float32);
        Accuracy.Same(norm.Compose(x), norm.call(x), 2e-6);
    }

    [Fact]
    public void No_tensor_outlives_a_step()
    {
        using var norm = new RMSNorm(24);
        using var layer = nn.LayerNorm(24);
        using var dropout = nn.Dropout(0.5);
        using var x = randn(9, 24).requires_grad_();
        LiveTensors.StayFlat(() =>
        {
            using (NewDisposeScope())
            {
                var (sum, result) = Fused.AddRMSNorm(x, x, norm, s_silu, dropout);
                Fused.SwiGlu(Fused.LayerNorm(result, layer, default(GELU), dropout), sum).sum().backward();
            }
        });
        using var turned = x.detach().t();
        using var narrow = new RMSNorm(9);
        LiveTensors.StayFlat(() => Fused.RMSNorm(turned, narrow, s_silu, dropout).Dispose());
    }

    [Fact]
    public void Memory_stays_flat_over_many_steps()
    {
        using var norm = new RMSNorm(64);
        using var dropout = nn.Dropout(0.5);
        using var x = randn(512, 64).requires_grad_();
        Steps(500);
        var before = Resident();
        Steps(10_000);
        Assert.InRange(Resident() - before, long.MinValue, 64L << 20);

        void Steps(int count)
        {
            for (var step = 0; step < count; step++)
            {
                using var scope = NewDisposeScope();
                Fused.RMSNorm(x, norm, s_silu, dropout).sum().backward();
            }
        }

        static long Resident()
        {
            using var process = Process.GetCurrentProcess();
            return process.WorkingSet64;
        }
    }

    [Fact]
    public void Survives_a_garbage_collector_that_never_rests()
    {
        using var collector = new BusyCollector();
        using var norm = new RMSNorm(40);
        using var x = randn(30, 40).requires_grad_();
        double[]? expected = null;
        for (var iteration = 0; iteration < 300; iteration++)
        {
            using var scope = NewDisposeScope();
            x.grad = null;
            Fused.RMSNorm(x, norm, s_silu).sum().backward();
            expected ??= x.grad!.Values();
            Assert.Equal(expected, x.grad!.Values());
        }
    }

    [Fact]
    public void Several_threads_may_compute_at_once()
    {
        using var norm = new RMSNorm(128);
        using var x = randn(64, 128);
        double[] expected;
        using (no_grad())
        using (var y = Fused.RMSNorm(x, norm, s_silu))
        {
            expected = y.Values();
        }

        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            using var threads = new ThreadCount(2);
            for (var round = 0; round < 50; round++)
            {
                using var scope = NewDisposeScope();
                var leaf = x.clone().requires_grad_();
                var y = Fused.RMSNorm(leaf, norm, s_silu);
                Assert.Equal(expected, y.Values());
                autograd.grad([y.sum()], [leaf]);
            }
        });
    }
}

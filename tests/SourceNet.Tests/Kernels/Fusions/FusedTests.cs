using SourceNet.Activations;
using SourceNet.Kernels.Masks;
using TorchSharp;
using static TorchSharp.torch;
using RMSNorm = SourceNet.Layers.RMSNorm;

namespace SourceNet.Tests.Kernels.Fusions;

/// <summary>The public calls: which way they take, what autograd sees of them, and what they do to memory and to the process.</summary>
public sealed class FusedTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public FusedTests() => manual_seed(1);

    public void Dispose() => scope.Dispose();

    /// <summary>Every public call on an input <c>[4, 6, 10]</c>, with its modules in the input's type.</summary>
    public static TheoryData<string> Calls => ["RMSNorm", "LayerNorm", "AddRMSNorm", "AddLayerNorm", "BatchNorm", "Activation", "Dropout", "SwiGlu", "AddDropPath"];

    private static (Func<Tensor, Tensor> Fused, Func<Tensor, Tensor> Modules, nn.Module? Module) Call(string name, double rate = 0, ScalarType type = ScalarType.Float32)
    {
        var dropout = nn.Dropout(rate);
        var rms = new RMSNorm(10);
        var layer = nn.LayerNorm(10);
        var batch = nn.BatchNorm1d(6);
        var path = new SourceNet.Layers.DropPath(rate);
        rms.to(type);
        layer.to(type);
        batch.to(type);
        return name switch
        {
            "RMSNorm" => (x => Fused.RMSNorm(x, rms, default(SiLU), dropout), x => nn.functional.silu(RMSNorm.Compose(x, rms.weight, 1, 1e-5)), rms),
            "LayerNorm" => (x => Fused.LayerNorm(x, layer, default(GELU), dropout), x => nn.functional.gelu(layer.call(x)), layer),
            "AddRMSNorm" => (x => Both(Fused.AddRMSNorm(x, x * 3, rms, default(SiLU), dropout)), x => nn.functional.silu(RMSNorm.Compose(x * 4, rms.weight, 1, 1e-5)) + (x * 4), rms),
            "AddLayerNorm" => (x => Both(Fused.AddLayerNorm(x, x * 3, layer, default(GELU), dropout)), x => nn.functional.gelu(layer.call(x * 4)) + (x * 4), layer),
            "BatchNorm" => (x => Fused.BatchNorm(x, batch, default(ReLU), dropout), x => nn.functional.relu(batch.call(x)), batch),
            "Activation" => (x => Fused.Activation(x, default(Tanh), dropout), x => x.tanh(), null),
            "Dropout" => (x => Fused.Dropout(x, dropout), x => x.alias(), null),
            "SwiGlu" => (x => Fused.SwiGlu(x, x * 2), x => nn.functional.silu(x) * (x * 2), null),
            _ => (x => Fused.AddDropPath(x, x * x, path), x => x + (x * x), null),
        };
    }

    private static Tensor Both((Tensor Sum, Tensor Result) pair) => pair.Sum + pair.Result;

    private static Tensor Input(ScalarType type = ScalarType.Float32) => randn([4, 6, 10], type);

    [Theory]
    [MemberData(nameof(Calls))]
    public void Other_types_transposed_and_empty_tensors_give_what_the_modules_give(string name)
    {
        foreach (var input in new[] { Input(ScalarType.Float64), randn([10, 6, 4]).transpose(0, 2), randn([8, 6, 10])[TensorIndex.Slice(0, 8, 2)], Input() })
        {
            var (fused, modules, _) = Call(name, type: input.dtype);
            Assert.True(modules(input).allclose(fused(input), 1e-5, 1e-6));
        }

        var (call, _, _) = Call(name);
        if (name != "BatchNorm")
        {
            Assert.Equal([0, 6, 10], call(zeros([0, 6, 10])).shape);
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void Gradients_of_gradients_are_right(string name)
    {
        var (fused, modules, _) = Call(name);
        var input = Input();
        var ours = Twice(fused, input);
        var theirs = Twice(modules, input);

        Assert.True(theirs.allclose(ours, 1e-3, 1e-4), $"{(theirs - ours).abs().max().item<float>()}");

        static Tensor Twice(Func<Tensor, Tensor> call, Tensor input)
        {
            var x = input.clone().requires_grad_(true);
            var first = autograd.grad([call(x).sin().sum()], [x], retain_graph: true, create_graph: true)[0];
            first.square().sum().backward();
            return x.grad!;
        }
    }

    [Theory]
    [InlineData("RMSNorm")]
    [InlineData("LayerNorm")]
    [InlineData("BatchNorm")]
    [InlineData("Activation")]
    [InlineData("Dropout")]
    public void Gradients_of_gradients_use_the_mask_of_the_result(string name)
    {
        var (fused, _, _) = Call(name, rate: 0.5);
        var x = Input().requires_grad_(true);
        var y = fused(x);
        var gradient = autograd.grad([y.sum()], [x], create_graph: true)[0];
        if (name is "Activation" or "Dropout")
        {
            // Without a norm a dropped element has no gradient, and a kept one has.
            Assert.True((gradient.detach() == 0).eq(y.detach() == 0).all().item<bool>());
        }

        Assert.True(gradient.requires_grad || name == "Dropout");
    }

    [Theory]
    [InlineData("RMSNorm")]
    [InlineData("LayerNorm")]
    [InlineData("BatchNorm")]
    public void Frozen_parameters_and_inputs_get_no_gradient(string name)
    {
        var (fused, _, module) = Call(name);
        var x = Input();
        fused(x).sum().backward();
        Assert.Null(x.grad);
        Assert.All(module!.parameters(), parameter => Assert.NotNull(parameter.grad));

        module!.zero_grad();
        foreach (var parameter in module.parameters())
        {
            parameter.requires_grad_(false);
        }

        var input = Input().requires_grad_(true);
        fused(input).sum().backward();
        Assert.NotNull(input.grad);
        Assert.All(module.parameters(), parameter => Assert.Null(parameter.grad));

        Assert.False(fused(Input()).requires_grad);
        using var ungraded = no_grad();
        Assert.False(fused(input).requires_grad);
    }

    [Theory]
    [InlineData("RMSNorm")]
    [InlineData("LayerNorm")]
    [InlineData("BatchNorm")]
    [InlineData("Activation")]
    [InlineData("Dropout")]
    public void The_seed_repeats_a_result_whatever_the_number_of_threads(string name)
    {
        var (fused, _, _) = Call(name, rate: 0.5);
        var x = randn([400, 6, 10]);
        var results = new List<Tensor>();
        foreach (var threads in new[] { 1, 2, 5 })
        {
            using var count = new ThreadCount(threads);
            manual_seed(9);
            results.Add(fused(x));
        }

        Assert.True(results[0].equal(results[1]).all().item<bool>());
        Assert.True(results[0].equal(results[2]).all().item<bool>());
        Assert.False(results[0].equal(fused(x)).all().item<bool>());
    }

    [Theory]
    [InlineData("RMSNorm")]
    [InlineData("LayerNorm")]
    [InlineData("BatchNorm")]
    [InlineData("Activation")]
    [InlineData("Dropout")]
    public void Dropout_in_eval_mode_does_nothing(string name)
    {
        var dropout = nn.Dropout(0.5);
        dropout.eval();
        var x = Input();
        var (_, modules, _) = Call(name);
        var (rms, layer, batch) = (new RMSNorm(10), nn.LayerNorm(10), nn.BatchNorm1d(6));
        var result = name switch
        {
            "RMSNorm" => Fused.RMSNorm(x, rms, default(SiLU), dropout),
            "LayerNorm" => Fused.LayerNorm(x, layer, default(GELU), dropout),
            "BatchNorm" => Fused.BatchNorm(x, batch, default(ReLU), dropout),
            "Activation" => Fused.Activation(x, default(Tanh), dropout),
            _ => Fused.Dropout(x, dropout),
        };

        Assert.True(modules(x).allclose(result, 1e-5, 1e-6));
    }

    [Fact]
    public void Dropping_whole_channels_drops_nothing_else()
    {
        var x = rand([8, 16, 5, 5]) + 1;
        var norm = nn.BatchNorm2d(16, affine: false);
        norm.eval();
        var result = Fused.BatchNorm(x, norm, default(Identity), nn.Dropout2d(0.5));
        var kept = (result != 0).flatten(2).to(ScalarType.Float32).mean([2]);

        Assert.True(((kept == 0) | (kept == 1)).all().item<bool>());
        Assert.InRange(kept.mean().item<float>(), 0.3, 0.7);
    }

    [Fact]
    public void A_body_is_dropped_for_whole_samples()
    {
        var (x, body) = (zeros([1000, 2, 3]), ones([1000, 2, 3]));
        var path = new SourceNet.Layers.DropPath(0.25);
        var result = Fused.AddDropPath(x, body, path).flatten(1);

        Assert.True(result.eq(result.narrow(1, 0, 1)).all().item<bool>());
        Assert.InRange((result == 0).to(ScalarType.Float32).mean().item<float>(), 0.2, 0.3);
        path.eval();
        Assert.True(Fused.AddDropPath(x, body, path).equal(body).all().item<bool>());
    }

    [Fact]
    public void Everything_works_while_garbage_is_collected()
    {
        using var stop = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        try
        {
            foreach (var name in new[] { "RMSNorm", "LayerNorm", "BatchNorm", "Activation", "SwiGlu" })
            {
                var (fused, _, _) = Call(name, rate: 0.1);
                for (var i = 0; i < 200; i++)
                {
                    using var step = NewDisposeScope();
                    var x = Input().requires_grad_(true);
                    Objectives.CrossEntropy(fused(fused(x)).flatten(1), zeros([4], ScalarType.Int64), 0.1).backward();
                    Assert.False(x.grad!.isnan().any().item<bool>());
                }
            }
        }
        finally
        {
            stop.Cancel();
            collector.Join();
        }
    }

    [Fact]
    public void Several_threads_may_compute_at_once()
    {
        var (fused, modules, _) = Call("RMSNorm");
        var failures = 0;
        Parallel.For(0, 200, _ =>
        {
            using var step = NewDisposeScope();
            var x = randn([30, 6, 10]).requires_grad_(true);
            var y = x.detach().requires_grad_(true);
            fused(x).square().sum().backward();
            modules(y).square().sum().backward();
            if (!x.grad!.allclose(y.grad!, 1e-3, 1e-5))
            {
                Interlocked.Increment(ref failures);
            }
        });

        Assert.Equal(0, failures);
    }
}

using SourceNet.CompilerServices;
using SourceNet.CompilerServices.Activations;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Benchmarks.Rows;

/// <summary>
/// Residual sums with what the next block begins with, in one kernel, against the sum and then the same step by itself: what a block computes that is called
/// for its tensor. Where a residual goes on from the sum, both results have a gradient.
/// </summary>
internal static class SumRows
{
    private const string Apart = "the sum, then the step";

    private static readonly (long Rows, long Features)[] s_sizes = [(256, 1024), (4096, 1024)];

    internal static IEnumerable<Row> All =>
    [
        .. Rows(
            "sum + RMSNorm, residual goes on",
            goesOn: true,
            false,
            (sum, layers) => (sum.RMSNorm(out var value, layers.RMSNorm, default(Identity)), value),
            (x, layers) => layers.RMSNorm.call(x)),
        .. Rows(
            "sum + LayerNorm, residual goes on",
            goesOn: true,
            false,
            (sum, layers) => (sum.LayerNorm(out var value, layers.LayerNorm, default(Identity)), value),
            (x, layers) => layers.LayerNorm.call(x)),
        .. Rows(
            "sum + RMSNorm",
            goesOn: false,
            false,
            (sum, layers) => (sum.RMSNorm(layers.RMSNorm, default(Identity)), null),
            (x, layers) => layers.RMSNorm.call(x)),
        .. Rows(
            "sum + LayerNorm",
            goesOn: false,
            false,
            (sum, layers) => (sum.LayerNorm(layers.LayerNorm, default(Identity)), null),
            (x, layers) => layers.LayerNorm.call(x)),
        .. Rows("sum + ReLU", goesOn: false, false, (sum, _) => (sum.Activation(default(ReLU)), null), (x, _) => nn.functional.relu(x)),
        .. Rows("sum + GELU", goesOn: false, false, (sum, _) => (sum.Activation(default(GELU)), null), (x, _) => nn.functional.gelu(x)),
        .. Rows("sum + SiLU", goesOn: false, false, (sum, _) => (sum.Activation(default(SiLU)), null), (x, _) => nn.functional.silu(x)),
        .. Rows(
            "sum + ReLU, residual goes on",
            goesOn: true,
            false,
            (sum, _) => (sum.Activation(out var value, default(ReLU)), value),
            (x, _) => nn.functional.relu(x)),
        .. Rows(
            "sum + SiLU, residual goes on",
            goesOn: true,
            false,
            (sum, _) => (sum.Activation(out var value, default(SiLU)), value),
            (x, _) => nn.functional.silu(x)),
        .. Rows(
            "DropPath + sum + RMSNorm, residual goes on",
            goesOn: true,
            true,
            (sum, layers) => (sum.RMSNorm(out var value, layers.RMSNorm, default(Identity)), value),
            (x, layers) => layers.RMSNorm.call(x)),
        .. Rows("DropPath + sum + ReLU", goesOn: false, true, (sum, _) => (sum.Activation(default(ReLU)), null), (x, _) => nn.functional.relu(x)),
    ];

    private delegate (Tensor Result, Tensor? Sum) Together(ResidualSum sum, Layers layers);

    private delegate Tensor Step(Tensor x, Layers layers);

    private static IEnumerable<Row> Rows(string name, bool goesOn, bool skips, Together together, Step step) => s_sizes.SelectMany(size => new[]
    {
        new Row($"{name}, forward [{size.Rows}, {size.Features}]", Apart, 1, () => Compare(size, goesOn, skips, together, step, backward: false)),
        new Row($"{name}, forward and backward [{size.Rows}, {size.Features}]", Apart, 1, () => Compare(size, goesOn, skips, together, step, backward: true)),
    });

    private static Contest Compare((long Rows, long Features) size, bool goesOn, bool skips, Together together, Step step, bool backward)
    {
        var layers = new Layers(size);
        var dropPath = skips ? layers.DropPath : null;
        return new(() => Run(OneByOne), () => Run(() => together(Sum(), layers)), layers);

        ResidualSum Sum() => new(layers.X.alias(), layers.Body.alias(), dropPath);

        (Tensor Result, Tensor? Sum) OneByOne()
        {
            var sum = Sum().Value();
            var result = step(sum, layers);
            if (goesOn)
            {
                return (result, sum);
            }

            sum.Dispose();
            return (result, null);
        }

        void Run(Func<(Tensor Result, Tensor? Sum)> function)
        {
            using var mode = backward ? null : no_grad();
            using var scope = NewDisposeScope();
            var (result, sum) = function();
            if (backward)
            {
                autograd.grad(
                    sum is null ? [result] : [result, sum],
                    layers.Leaves,
                    sum is null ? [layers.Gradient] : [layers.Gradient, layers.SumGradient],
                    allow_unused: true);
            }
        }
    }

    private sealed class Layers((long Rows, long Features) size) : IDisposable
    {
        internal Tensor X { get; } = randn(size.Rows, size.Features).requires_grad_();

        internal Tensor Body { get; } = randn(size.Rows, size.Features).requires_grad_();

        internal Tensor Gradient { get; } = randn(size.Rows, size.Features);

        internal Tensor SumGradient { get; } = randn(size.Rows, size.Features);

        internal SourceNet.Layers.RMSNorm RMSNorm { get; } = new(size.Features);

        internal TorchSharp.Modules.LayerNorm LayerNorm { get; } = nn.LayerNorm(size.Features);

        internal SourceNet.Layers.DropPath DropPath { get; } = new(0.1);

        internal Tensor[] Leaves => [X, Body, RMSNorm.weight!, LayerNorm.weight!, LayerNorm.bias!];

        public void Dispose()
        {
            foreach (var part in new IDisposable[] { X, Body, Gradient, SumGradient, RMSNorm, LayerNorm, DropPath })
            {
                part.Dispose();
            }
        }
    }
}

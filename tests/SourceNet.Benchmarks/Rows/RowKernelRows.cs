using SourceNet.CompilerServices;
using SourceNet.CompilerServices.Activations;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Benchmarks.Rows;

/// <summary>
/// The kernels over rows, each against the operators that one would write without them. Backward passes are asked for by <c>autograd.grad</c>, as the inner
/// layers of a network have them: no side adds up gradients of leaves.
/// </summary>
internal static class RowKernelRows
{
    private const double Rate = 0.3;
    private const double Eps = 1e-5;

    /// <summary>The first size inside of a core's own cache, the second one not.</summary>
    private static readonly (long Rows, long Features)[] s_sizes = [(256, 1024), (4096, 1024)];

    internal static IEnumerable<Row> All =>
    [
        .. Pair(
            "RMSNorm → SiLU",
            3,
            5,
            (x, weight, _, _) => RMSNorm(x, weight, y => nn.functional.silu(y)),
            (x, layers) => Fused.RMSNorm(x, layers.RMSNorm, default(SiLU))),
        .. Pair(
            "RMSNorm → ReLU",
            3,
            5,
            (x, weight, _, _) => RMSNorm(x, weight, y => nn.functional.relu(y)),
            (x, layers) => Fused.RMSNorm(x, layers.RMSNorm, default(ReLU))),
        .. Pair(
            "LayerNorm → GELU",
            1.7,
            1.5,
            (x, _, layers, _) => LayerNorm(x, layers, y => nn.functional.gelu(y)),
            (x, layers) => Fused.LayerNorm(x, layers.LayerNorm, default(GELU))),
        .. Pair(
            "LayerNorm → SiLU",
            1.7,
            1.5,
            (x, _, layers, _) => LayerNorm(x, layers, y => nn.functional.silu(y)),
            (x, layers) => Fused.LayerNorm(x, layers.LayerNorm, default(SiLU))),
        .. Pair("RMSNorm → SiLU → Dropout", null, null, (x, weight, layers, _) => Dropped(RMSNorm(x, weight, y => nn.functional.silu(y)), layers),
            (x, layers) => Fused.RMSNorm(x, layers.RMSNorm, default(SiLU), layers.Dropout)),
        .. Pair("LayerNorm → GELU → Dropout", null, null, (x, _, layers, _) => Dropped(LayerNorm(x, layers, y => nn.functional.gelu(y)), layers),
            (x, layers) => Fused.LayerNorm(x, layers.LayerNorm, default(GELU), layers.Dropout)),
        .. Pair("residual + RMSNorm", 2, 3, (x, weight, _, other) => RMSNorm(x + other, weight, null), (x, layers) => AddRMSNorm(x, layers)),
        .. Pair("SwiGLU's product", null, null, (x, _, _, other) => Product(x, other), (x, layers) => Fused.SwiGlu(x, layers.Other)),
        .. Pair("Dropout", null, null, (x, _, layers, _) => layers.Dropout.call(x), (x, layers) => Fused.Dropout(x, layers.Dropout)),
        .. s_sizes.Select(size => new Row(
            $"RMSNorm → ReLU, forward {Text(size)}",
            "a copy of its input",
            0.75,
            () => AgainstCopy(size, (x, layers) => Fused.RMSNorm(x, layers.RMSNorm, default(ReLU))))),
        .. s_sizes.Select(size => new Row(
            $"RMSNorm → SiLU, forward {Text(size)}",
            "a copy of its input",
            0.75,
            () => AgainstCopy(size, (x, layers) => Fused.RMSNorm(x, layers.RMSNorm, default(SiLU))))),
    ];

    private delegate Tensor Composition(Tensor x, Tensor weight, Layers layers, Tensor other);

    private delegate Tensor Kernel(Tensor x, Layers layers);

    private static IEnumerable<Row> Pair(string name, double? forward, double? backward, Composition composed, Kernel kernel) =>
        s_sizes.SelectMany(size => new[]
        {
            new Row($"{name}, forward {Text(size)}", "composed operators", forward, () => Forward(size, composed, kernel)),
            new Row($"{name}, forward and backward {Text(size)}", "composed operators", backward, () => Backward(size, composed, kernel)),
        });

    private static Contest Forward((long Rows, long Features) size, Composition composed, Kernel kernel)
    {
        var layers = new Layers(size);
        return new(
            () =>
            {
                using var noGradient = no_grad();
                using var scope = NewDisposeScope();
                composed(layers.X, layers.RMSNorm.weight!, layers, layers.Other);
            },
            () =>
            {
                using var noGradient = no_grad();
                using var scope = NewDisposeScope();
                kernel(layers.X, layers);
            },
            layers);
    }

    private static Contest Backward((long Rows, long Features) size, Composition composed, Kernel kernel)
    {
        var layers = new Layers(size);
        return new(() => Run(() => composed(layers.X, layers.RMSNorm.weight!, layers, layers.Other)), () => Run(() => kernel(layers.X, layers)), layers);

        void Run(Func<Tensor> function)
        {
            using var scope = NewDisposeScope();
            var y = function();
            autograd.grad([y], layers.Leaves, [layers.Gradient], allow_unused: true);
        }
    }

    private static Contest AgainstCopy((long Rows, long Features) size, Kernel kernel)
    {
        var layers = new Layers(size);
        return new(Copy, Compute, layers);

        void Copy()
        {
            using var noGradient = no_grad();
            using var copy = layers.X.clone();
        }

        void Compute()
        {
            using var noGradient = no_grad();
            using var result = kernel(layers.X, layers);
        }
    }

    private static Tensor RMSNorm(Tensor x, Tensor weight, Func<Tensor, Tensor>? activation)
    {
        using var scope = NewDisposeScope();
        var normalized = x * (x.square().mean([-1], keepdim: true) + Eps).rsqrt() * weight;
        return (activation is null ? normalized : activation(normalized)).MoveToOuterDisposeScope();
    }

    private static Tensor LayerNorm(Tensor x, Layers layers, Func<Tensor, Tensor> activation)
    {
        using var normalized = layers.LayerNorm.call(x);
        return activation(normalized);
    }

    private static Tensor Dropped(Tensor x, Layers layers)
    {
        using (x)
        {
            return layers.Dropout.call(x);
        }
    }

    private static Tensor Product(Tensor gate, Tensor up)
    {
        using var activated = nn.functional.silu(gate);
        return activated * up;
    }

    private static Tensor AddRMSNorm(Tensor x, Layers layers)
    {
        var (sum, result) = Fused.AddRMSNorm(x, layers.Other, layers.RMSNorm, default(Identity));
        sum.Dispose();
        return result;
    }

    private static string Text((long Rows, long Features) size) => $"[{size.Rows}, {size.Features}]";

    private sealed class Layers((long Rows, long Features) size) : IDisposable
    {
        internal Tensor X { get; } = randn(size.Rows, size.Features).requires_grad_();

        internal Tensor Other { get; } = randn(size.Rows, size.Features).requires_grad_();

        internal Tensor Gradient { get; } = randn(size.Rows, size.Features);

        internal SourceNet.Layers.RMSNorm RMSNorm { get; } = new(size.Features, Eps);

        internal TorchSharp.Modules.LayerNorm LayerNorm { get; } = nn.LayerNorm(size.Features, Eps);

        internal TorchSharp.Modules.Dropout Dropout { get; } = nn.Dropout(Rate);

        internal Tensor[] Leaves => [X, Other, RMSNorm.weight!, LayerNorm.weight!, LayerNorm.bias!];

        public void Dispose()
        {
            X.Dispose();
            Other.Dispose();
            Gradient.Dispose();
            RMSNorm.Dispose();
            LayerNorm.Dispose();
            Dropout.Dispose();
        }
    }
}

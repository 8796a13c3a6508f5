using SourceNet.Activations;
using SourceNet.Benchmarks.HandWritten;
using TorchSharp;
using static TorchSharp.torch;
using RMSNorm = SourceNet.Layers.RMSNorm;

namespace SourceNet.Benchmarks.Rows;

/// <summary>Fused steps of layers against the same layers one after the other, as a TorchSharp user writes them: every tensor in between is disposed.</summary>
internal static class FusionRows
{
    private const string Composed = "TorchSharp's operators";

    /// <summary>Inside and outside of the nearest caches.</summary>
    private static readonly long[][] s_rows = [[256, 1024], [4096, 1024]];

    internal static IEnumerable<Row> All =>
    [
        .. s_rows.SelectMany(shape => Rows("RMSNorm + SiLU", shape, 3, 5, () => Rms(shape, default(SiLU), x => nn.functional.silu(x), dropout: 0))),
        .. Rows("RMSNorm + ReLU", [4096, 1024], 3, 5, () => Rms([4096, 1024], default(ReLU), x => nn.functional.relu(x), dropout: 0)),
        .. Rows("RMSNorm + SiLU + dropout", [4096, 1024], 20, 12, () => Rms([4096, 1024], default(SiLU), x => nn.functional.silu(x), dropout: 0.3)),
        .. s_rows.SelectMany(shape => Rows("LayerNorm + GELU", shape, 1.7, 1.5, () => Layer(shape, default(GELU), x => nn.functional.gelu(x), dropout: 0))),
        .. Rows("LayerNorm + SiLU", [4096, 1024], 1.7, 1.5, () => Layer([4096, 1024], default(SiLU), x => nn.functional.silu(x), dropout: 0)),
        .. Rows("LayerNorm + GELU + dropout", [4096, 1024], 18, 8, () => Layer([4096, 1024], default(GELU), x => nn.functional.gelu(x), dropout: 0.3)),
        .. Rows("residual + RMSNorm", [4096, 1024], 2, 3, () => Residual([4096, 1024])),
        .. Rows("BatchNorm2d + ReLU", [64, 64, 32, 32], 7, 2.3, () => Batch([64, 64, 32, 32], dropout: 0)),
        .. Rows("BatchNorm2d + ReLU", [32, 256, 14, 14], 7, 2.3, () => Batch([32, 256, 14, 14], dropout: 0)),
        .. Rows("BatchNorm2d + ReLU + Dropout2d", [64, 64, 32, 32], 7, 2.3, () => Batch([64, 64, 32, 32], dropout: 0.2)),
        .. Rows("BatchNorm1d + ReLU", [256, 512], null, null, () => Batch([256, 512], dropout: 0)),
        .. Rows("gated product of SwiGLU", [4096, 1024], null, null, () => Gate([4096, 1024])),
        .. Rows("dropout alone", [4096, 1024], null, null, () => Dropout([4096, 1024])),
        new("RMSNorm + ReLU [16384, 1024], forward", "a copy of as much memory", 0.75, AgainstCopy),
        new("folded BatchNorm2d, 3 x 3 convolution [16, 64, 32, 32]", "Conv2d, BatchNorm2d in eval mode, ReLU", 1, () => Folded(3)),
        new("folded BatchNorm2d, 1 x 1 convolution [16, 64, 32, 32]", "Conv2d, BatchNorm2d in eval mode, ReLU", 1, () => Folded(1)),
    ];

    /// <summary>Two ways to compute one result, and what they belong to.</summary>
    private sealed record Pair(Tensor Input, Func<Tensor, Tensor> Other, Func<Tensor, Tensor> Kernel, params IDisposable[] Resources);

    /// <summary>The pair forward alone, and with its backward pass.</summary>
    private static IEnumerable<Row> Rows(string name, long[] shape, double? forward, double? both, Func<Pair> make)
    {
        var size = $"[{string.Join(", ", shape)}]";
        yield return new($"{name} {size}, forward", Composed, forward, () => Forward(make()));
        yield return new($"{name} {size}, forward and backward", Composed, both, () => Both(make()));
    }

    private static Contest Forward(Pair pair)
    {
        return new(() => Run(pair.Other), () => Run(pair.Kernel), [pair.Input, .. pair.Resources]);

        void Run(Func<Tensor, Tensor> call)
        {
            using var ungraded = no_grad();
            call(pair.Input).Dispose();
        }
    }

    private static Contest Both(Pair pair)
    {
        var gradient = randn_like(pair.Input);
        var input = pair.Input.requires_grad_(true);
        return new(() => Run(pair.Other), () => Run(pair.Kernel), [input, gradient, .. pair.Resources]);

        void Run(Func<Tensor, Tensor> call)
        {
            using (var result = call(input))
            {
                result.backward([gradient]);
            }

            input.grad = null;
            foreach (var module in pair.Resources.OfType<nn.Module>())
            {
                module.zero_grad();
            }
        }
    }

    private static Pair Rms<TActivation>(long[] shape, TActivation activation, Func<Tensor, Tensor> function, double dropout)
        where TActivation : unmanaged, IActivation
    {
        var (hand, norm, drop) = (new RootMeanSquareNorm(shape[^1]), new RMSNorm(shape[^1]), nn.Dropout(dropout));
        return new(randn(shape), Other, x => Fused.RMSNorm(x, norm, activation, drop), hand, norm, drop);

        Tensor Other(Tensor x)
        {
            using var normalized = hand.call(x);
            return Dropped(normalized, function, drop);
        }
    }

    private static Pair Layer<TActivation>(long[] shape, TActivation activation, Func<Tensor, Tensor> function, double dropout)
        where TActivation : unmanaged, IActivation
    {
        var (norm, drop) = (nn.LayerNorm(shape[^1]), nn.Dropout(dropout));
        return new(randn(shape), Other, x => Fused.LayerNorm(x, norm, activation, drop), norm, drop);

        Tensor Other(Tensor x)
        {
            using var normalized = norm.call(x);
            return Dropped(normalized, function, drop);
        }
    }

    private static Pair Residual(long[] shape)
    {
        var (hand, norm, residual) = (new RootMeanSquareNorm(shape[^1]), new RMSNorm(shape[^1]), randn(shape));
        return new(randn(shape), Other, Kernel, hand, norm, residual);

        Tensor Other(Tensor x)
        {
            using var sum = x + residual;
            return hand.call(sum);
        }

        Tensor Kernel(Tensor x)
        {
            var (sum, result) = Fused.AddRMSNorm(x, residual, norm, default(Identity));
            sum.Dispose();
            return result;
        }
    }

    private static Pair Batch(long[] shape, double dropout)
    {
        TorchSharp.Modules.BatchNorm norm = shape.Length == 2 ? nn.BatchNorm1d(shape[1]) : nn.BatchNorm2d(shape[1]);
        var drop = nn.Dropout2d(dropout);
        return new(randn(shape), Other, x => Fused.BatchNorm(x, norm, default(ReLU), dropout > 0 ? drop : null), norm, drop);

        Tensor Other(Tensor x)
        {
            using var normalized = norm.call(x);
            if (dropout == 0)
            {
                return nn.functional.relu(normalized);
            }

            using var activated = nn.functional.relu(normalized);
            return drop.call(activated);
        }
    }

    private static Tensor Dropped(Tensor x, Func<Tensor, Tensor> function, TorchSharp.Modules.Dropout drop)
    {
        if (drop.p == 0)
        {
            return function(x);
        }

        using var activated = function(x);
        return drop.call(activated);
    }

    private static Pair Gate(long[] shape)
    {
        var up = randn(shape);
        return new(randn(shape), Other, x => Fused.SwiGlu(x, up), up);

        Tensor Other(Tensor x)
        {
            using var activated = nn.functional.silu(x);
            return activated * up;
        }
    }

    private static Pair Dropout(long[] shape)
    {
        var drop = nn.Dropout(0.3);
        return new(randn(shape), x => drop.call(x), x => Fused.Dropout(x, drop), drop);
    }

    private static Contest AgainstCopy()
    {
        var (norm, input) = (new RMSNorm(1024), randn(16384, 1024));
        return new(Copy, Kernel, norm, input);

        void Copy() => input.clone().Dispose();

        void Kernel()
        {
            using var ungraded = no_grad();
            Fused.RMSNorm(input, norm, default(ReLU)).Dispose();
        }
    }

    private static Contest Folded(long kernel)
    {
        var (conv, norm, folded, input) = (nn.Conv2d(64, 64, kernel, padding: kernel / 2, bias: false), nn.BatchNorm2d(64), new FoldedBatchNorm(), randn([16, 64, 32, 32]));
        norm.eval();
        return new(Other, Kernel, conv, norm, input);

        void Other()
        {
            using var ungraded = no_grad();
            using var made = conv.call(input);
            using var normalized = norm.call(made);
            nn.functional.relu(normalized).Dispose();
        }

        void Kernel()
        {
            using var ungraded = no_grad();
            Fused.FoldedBatchNorm(input, conv, norm, folded, default(ReLU)).Dispose();
        }
    }
}

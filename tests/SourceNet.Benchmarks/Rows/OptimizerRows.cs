using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Benchmarks.Rows;

/// <summary>A step of the regularized optimizers, alone: the gradients are there. Both sides step the same parameters, each with moments of its own.</summary>
internal static class OptimizerRows
{
    private const double LearningRate = 1e-4;
    private const double Decay = 0.01;
    private const double L1 = 1e-5;

    /// <summary>How many layers of how many units, the first size inside of caches and the others not.</summary>
    private static readonly (string Name, int Layers, int Units, double Goal)[] s_sizes = [("1M", 4, 512, 6), ("18M", 18, 1000, 3), ("100M", 100, 1000, 12)];

    internal static IEnumerable<Row> All =>
    [
        .. s_sizes.Select(size => new Row($"AdamW + L1, {size.Name}", "torch.optim.AdamW", size.Goal, () => AgainstTorch(size.Layers, size.Units))),
        .. s_sizes.Select(size => new Row(
            $"AdamW + L1, {size.Name}",
            "torch.optim.AdamW and abs().sum() in the loss",
            null,
            () => AgainstPenalty(size.Layers, size.Units))),
        .. s_sizes.Select(size => new Row($"AdamW, {size.Name}", "torch._fused_adamw_", 1, () => AgainstFused(size.Layers, size.Units))),
        .. s_sizes.Select(size => new Row(
            $"AdamW + clipping, {size.Name}",
            "torch.optim.AdamW after clip_grad_norm_",
            null,
            () => AgainstClipping(size.Layers, size.Units))),
        .. s_sizes.Select(size => new Row($"SGD + momentum, {size.Name}", "torch.optim.SGD", null, () => AgainstSgd(size.Layers, size.Units))),
        .. s_sizes.Select(size => new Row($"RMSprop + momentum, {size.Name}", "torch.optim.RMSProp", null, () => AgainstRmsProp(size.Layers, size.Units))),
        .. s_sizes.Select(size => new Row($"NAdam, {size.Name}", "torch.optim.NAdam", null, () => AgainstNAdam(size.Layers, size.Units))),
        .. Others("Lion", parameters => new RegularizedLion(parameters, LearningRate, weightDecay: Decay)),
        .. Others("LAMB", parameters => new RegularizedLamb(parameters, LearningRate, weightDecay: Decay)),
        .. Others("Adafactor", parameters => new RegularizedAdafactor(parameters, LearningRate, weightDecay: Decay)),
        .. s_sizes.Select(size => new Row(
            $"AdamW + L1, {size.Name}",
            "its memory twin",
            size.Name == "1M" ? null : 0.92,
            () => AgainstTwin(size.Layers, size.Units))),
        new Row("AdamW + L1, 64-128-128-10", "torch.optim.AdamW", null, () => AgainstTorch(Small())),
    ];

    private static Contest AgainstTorch(int layers, int units) => AgainstTorch(Square(layers, units));

    private static Contest AgainstTorch(Parameter[] parameters)
    {
        var torchs = optim.AdamW(parameters, LearningRate, weight_decay: Decay);
        var ours = new RegularizedAdamW(parameters, LearningRate, weightDecay: Decay, l1: L1);
        return new(() => torchs.step(), () => ours.step(), [torchs, ours, .. parameters]);
    }

    private static Contest AgainstPenalty(int layers, int units)
    {
        var parameters = Square(layers, units);
        var torchs = optim.AdamW(parameters, LearningRate, weight_decay: Decay);
        var ours = new RegularizedAdamW(parameters, LearningRate, weightDecay: Decay, l1: L1);
        return new(Other, () => ours.step(), [torchs, ours, .. parameters]);

        void Other()
        {
            using (NewDisposeScope())
            {
                var penalty = parameters.Select(parameter => parameter.abs().sum()).Aggregate((sum, one) => sum + one) * L1;
                penalty.backward();
            }

            torchs.step();
        }
    }

    private static Contest AgainstFused(int layers, int units)
    {
        var parameters = Square(layers, units);
        var ours = new RegularizedAdamW(parameters, LearningRate, weightDecay: Decay);
        var peer = new FusedPeer(parameters, LearningRate, Decay);
        return new(peer.Step, () => ours.step(), [peer, ours, .. parameters]);
    }

    private static Contest AgainstClipping(int layers, int units)
    {
        var parameters = Square(layers, units);
        var torchs = optim.AdamW(parameters, LearningRate, weight_decay: Decay);
        var ours = new RegularizedAdamW(parameters, LearningRate, weightDecay: Decay, gradientClip: new(1e-3));
        return new(Other, () => ours.step(), [torchs, ours, .. parameters]);

        void Other()
        {
            nn.utils.clip_grad_norm_(parameters, 1e-3);
            torchs.step();
        }
    }

    private static Contest AgainstSgd(int layers, int units)
    {
        var parameters = Square(layers, units);
        var torchs = optim.SGD(parameters, LearningRate, momentum: 0.9);
        var ours = new RegularizedSgd(parameters, LearningRate, momentum: 0.9);
        return new(() => torchs.step(), () => ours.step(), [torchs, ours, .. parameters]);
    }

    private static Contest AgainstRmsProp(int layers, int units)
    {
        var parameters = Square(layers, units);
        var torchs = optim.RMSProp(parameters, LearningRate, momentum: 0.9);
        var ours = new RegularizedRmsProp(parameters, LearningRate, momentum: 0.9);
        return new(() => torchs.step(), () => ours.step(), [torchs, ours, .. parameters]);
    }

    private static Contest AgainstNAdam(int layers, int units)
    {
        var parameters = Square(layers, units);
        var torchs = optim.NAdam(parameters, LearningRate);
        var ours = new RegularizedNAdam(parameters, LearningRate);
        return new(() => torchs.step(), () => ours.step(), [torchs, ours, .. parameters]);
    }

    /// <summary>A method that TorchSharp does not have, against the AdamW of the same kind.</summary>
    private static IEnumerable<Row> Others(string name, Func<Parameter[], RegularizedOptimizer> create) =>
        s_sizes.Select(size => new Row($"{name}, {size.Name}", "RegularizedAdamW", null, () =>
        {
            var parameters = Square(size.Layers, size.Units);
            var adam = new RegularizedAdamW(parameters, LearningRate, weightDecay: Decay);
            var other = create(parameters);
            return new(() => adam.step(), () => other.step(), [adam, other, .. parameters]);
        }));

    /// <summary>A loop over the same memory in the same chunks that only loads and stores: no step can be faster, whatever the memory's speed at the
    /// moment.</summary>
    private static Contest AgainstTwin(int layers, int units)
    {
        var parameters = Square(layers, units);
        var ours = new RegularizedAdamW(parameters, LearningRate, weightDecay: Decay, l1: L1);
        var twin = new MemoryTwin(parameters);
        return new(twin.Step, () => ours.step(), [twin, ours, .. parameters]);
    }

    private static Parameter[] Square(int layers, int units) =>
        [.. Enumerable.Range(0, layers).SelectMany(_ => new[] { WithGradient(units, units), WithGradient(units) })];

    private static Parameter[] Small() =>
        [WithGradient(128, 64), WithGradient(128), WithGradient(128, 128), WithGradient(128), WithGradient(10, 128), WithGradient(10)];

    private static Parameter WithGradient(params long[] shape)
    {
        using var scope = NewDisposeScope();
        // As large as freshly initialized weights, so that none ends at 0 or below the normal numbers while it is stepped many times.
        var parameter = nn.Parameter((randn(shape) * 0.03).DetachFromDisposeScope());
        parameter.grad = randn(shape) * 1e-3;
        return (Parameter)parameter.DetachFromDisposeScope();
    }
}

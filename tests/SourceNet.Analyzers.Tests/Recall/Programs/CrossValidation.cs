// Five folds, a fresh network for each, and a grid of two settings.
internal static class CrossValidation
{
    private const int Folds = 5;

    private static void Main()
    {
        var x = randn(400, 12);
        var y = (x[.., 0] * x[.., 1] + 0.1 * randn(400)).unsqueeze(1);
        Rehearse();
        foreach (var width in new[] { 16, 64 })
        {
            foreach (var decay in new[] { 0, 1e-3 })
            {
                var errors = Enumerable.Range(0, Folds).Select(fold => Evaluate(x, y, fold, width, decay)).ToArray();
                var mean = errors.Average();
                var deviation = Math.Sqrt(errors.Sum(error => (error - mean) * (error - mean)) / (Folds - 1));
                Console.WriteLine($"width {width}, decay {decay}: {mean:F4} ± {deviation:F4}");
            }
        }
    }

    /// <summary>One batch must be learned by heart, or something is wrong with the network.</summary>
    private static void Rehearse()
    {
        using var net = nn.Sequential(nn.Linear(12, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 1));
        using var optimizer = optim.Adam(net.parameters().ToArray(), 0.01);
        using var sample = randn(16, 12);
        using var target = randn(16, 1);
        var last = float.NaN;
        for (var i = 0; i < 200; i++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var loss = nn.functional.mse_loss(net.call(sample), target);
            loss.backward();
            optimizer.step();
            last = loss.item<float>();
        }

        if (last > 0.1f)
        {
            throw new InvalidOperationException($"The network does not learn sixteen numbers by heart: {last}.");
        }
    }

    private static double Evaluate(Tensor x, Tensor y, int fold, int width, double decay)
    {
        using var scope = NewDisposeScope();
        var all = arange(x.shape[0]);
        var isHeldOut = (all % Folds).eq(fold);
        var (train, test) = (all[isHeldOut.logical_not()], all[isHeldOut]);

        using var net = Build(width);
        using var optimizer = optim.SGD(Groups(net, decay), 0.05);
        for (var epoch = 0; epoch < 30; epoch++)
        {
            net.train();
            foreach (var indices in train[randperm(train.shape[0])].split(32))
            {
                using var step = NewDisposeScope();
                if (indices.shape[0] < 2)
                {
                    continue;
                }

                optimizer.zero_grad();
                nn.functional.mse_loss(net.call(x[indices]), y[indices]).backward();
                optimizer.step();
            }
        }

        net.eval();
        using (no_grad())
        {
            return nn.functional.mse_loss(net.call(x[test]), y[test]).item<float>();
        }
    }

    private static TorchSharp.Modules.SGD.ParamGroup[] Groups(nn.Module net, double decay) =>
    [
        new() { Parameters = net.parameters().Where(p => p.ndim > 1).ToArray(), Options = new() { momentum = 0.9, weight_decay = decay } },
        new() { Parameters = net.parameters().Where(p => p.ndim < 2).ToArray(), Options = new() { momentum = 0.9, weight_decay = 0 } },
    ];

    private static TorchSharp.Modules.Sequential Build(int width) => nn.Sequential(
        ("in", nn.Linear(12, width)),
        ("norm", nn.BatchNorm1d(width)),
        ("act", nn.SiLU()),
        ("drop", nn.Dropout(0.1)),
        ("out", nn.Linear(width, 1)));
}

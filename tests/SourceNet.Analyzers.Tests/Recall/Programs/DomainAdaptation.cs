// Two factories measure the same thing in different ways. Features that tell them apart are unlearned.
internal sealed class ReversalFunction : autograd.SingleTensorFunction<ReversalFunction>
{
    public override string Name => "Reversal";

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ctx.save_data("strength", vars[1]);
        return ((Tensor)vars[0]).alias();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [-(double)ctx.get_data("strength") * grad_output, null!];
}

internal sealed class Reversal(double strength) : nn.Module<Tensor, Tensor>(nameof(Reversal))
{
    public override Tensor forward(Tensor x)
    {
        if (!training)
        {
            return x.alias();
        }

        return ReversalFunction.apply(x, strength);
    }
}

internal sealed class AdaptiveNet : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Sequential features;
    private readonly TorchSharp.Modules.Sequential quality;
    private readonly TorchSharp.Modules.Sequential factory;

    public AdaptiveNet(long length)
        : base(nameof(AdaptiveNet))
    {
        features = nn.Sequential(
            nn.Conv1d(1, 16, 7, stride: 2, bias: false),
            nn.BatchNorm1d(16),
            nn.ReLU(),
            nn.Conv1d(16, 32, 5, stride: 2, bias: false),
            nn.BatchNorm1d(32),
            nn.ReLU(),
            nn.Flatten());
        var width = Width(features, length);
        quality = nn.Sequential(nn.Linear(width, 32), nn.ReLU(), nn.Linear(32, 4));
        factory = nn.Sequential(new Reversal(0.3), nn.Linear(width, 32), nn.ReLU(), nn.Linear(32, 2));
        RegisterComponents();
    }

    public override Tensor forward(Tensor signal) => quality.call(features.call(signal));

    public (Tensor Quality, Tensor Factory) Both(Tensor signal)
    {
        var found = features.call(signal);
        return (quality.call(found), factory.call(found));
    }

    /// <summary>What convolutions and strides leave of a signal.</summary>
    private static long Width(TorchSharp.Modules.Sequential layers, long length)
    {
        layers.eval();
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var found = layers.call(zeros(1, 1, length));
        layers.train();
        return found.shape[1];
    }
}

internal sealed class AdaptationTraining(Device device)
{
    private readonly TorchSharp.Modules.CrossEntropyLoss _criterion = nn.CrossEntropyLoss();

    public void Run(AdaptiveNet net, IReadOnlyList<(Tensor Signal, Tensor Quality)> labeled, IReadOnlyList<Tensor> unlabeled)
    {
        net.to(device);
        using var optimizer = optim.NAdam(net.parameters().ToArray(), 5e-4);
        var schedule = optim.lr_scheduler.ExponentialLR(optimizer, 0.95);
        for (var epoch = 0; epoch < 40; epoch++)
        {
            net.train();
            foreach (var ((signal, quality), other) in labeled.Zip(unlabeled))
            {
                using var scope = NewDisposeScope();
                optimizer.zero_grad();
                var (known, here) = net.Both(signal.to(device));
                var (_, there) = net.Both(other.to(device));
                var domains = cat([
                    zeros(here.shape[0], dtype: ScalarType.Int64, device: device),
                    ones(there.shape[0], dtype: ScalarType.Int64, device: device)]);
                var loss = _criterion.call(known, quality.to(device)) + _criterion.call(cat([here, there]), domains);
                loss.backward();
                optimizer.step();
            }

            schedule.step();
        }
    }

    public int[] Classify(AdaptiveNet net, Tensor signals)
    {
        net.eval();
        using var scope = NewDisposeScope();
        using var off = inference_mode();
        using var labels = net.call(signals.to(device)).argmax(1).to(ScalarType.Int32).cpu();
        return labels.data<int>().ToArray();
    }

    /// <summary>Four signals of noise must be told apart after a while, or the network has too little room.</summary>
    public static bool CanLearn(int steps)
    {
        using var probe = nn.Sequential(nn.Linear(128, 64), nn.BatchNorm1d(64), nn.Tanh(), nn.Linear(64, 4));
        using var optimizer = optim.SGD(probe.parameters().ToArray(), 0.1);
        var noise = randn(4, 128);
        var labels = arange(4);
        var last = 0f;
        while (steps-- > 0)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var loss = nn.functional.cross_entropy(probe.call(noise), labels);
            loss.backward();
            optimizer.step();
            last = loss.item<float>();
        }

        return last < 0.1f;
    }
}

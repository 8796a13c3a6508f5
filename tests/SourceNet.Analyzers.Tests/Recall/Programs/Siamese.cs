// Signatures are compared by one network that sees both.
public sealed class Encoder : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.ModuleList<nn.Module<Tensor, Tensor>> stages = new();
    private readonly Linear project;

    public Encoder(int[] widths, long size)
        : base(nameof(Encoder))
    {
        var from = 1;
        foreach (var width in widths)
        {
            stages.Add(nn.Sequential(
                nn.Conv2d(from, width, 3, padding: 1, bias: false),
                nn.GroupNorm(4, width),
                nn.LeakyReLU(0.1),
                new Jitter(0.05),
                nn.MaxPool2d(2)));
            from = width;
        }

        project = nn.Linear(from, size);
        RegisterComponents();
    }

    public override Tensor forward(Tensor image)
    {
        using var scope = NewDisposeScope();
        var x = image;
        foreach (var stage in stages)
        {
            x = stage.call(x);
        }

        var code = project.call(x.mean([2L, 3L]));
        return nn.functional.normalize(code, dim: 1).MoveToOuterDisposeScope();
    }
}

/// <summary>Noise while training, nothing afterwards.</summary>
public sealed class Jitter(double size) : nn.Module<Tensor, Tensor>(nameof(Jitter))
{
    public override Tensor forward(Tensor x)
    {
        if (!training)
        {
            return x.alias();
        }

        using var noise = randn_like(x);
        using var scaled = noise * size;
        return x + scaled;
    }
}

public sealed record Pair(Tensor Left, Tensor Right, Tensor Same);

public sealed class SignatureVerifier : IDisposable
{
    private const double Margin = 1;

    private readonly Encoder _encoder = new([16, 32, 64], 64);
    private readonly double _limit;

    public SignatureVerifier(double limit = 0.5) => _limit = limit;

    public void Fit(IEnumerable<Pair> pairs, double rate)
    {
        using var optimizer = optim.SGD(_encoder.parameters().ToArray(), rate, momentum: 0.9);
        _encoder.train();
        foreach (var pair in pairs)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var distance = Distance(pair.Left, pair.Right);
            var attract = pair.Same * distance.pow(2);
            var repel = (1 - pair.Same) * (Margin - distance).clamp_min(0).pow(2);
            (attract + repel).mean().backward();
            optimizer.step();
        }
    }

    public bool IsGenuine(Tensor known, Tensor questioned)
    {
        using var scope = NewDisposeScope();
        _encoder.eval();
        using var _ = no_grad();
        return Distance(known.unsqueeze(0), questioned.unsqueeze(0)).item<float>() < _limit;
    }

    public void Save(string path)
    {
        _encoder.eval();
        _encoder.save(path);
    }

    public void Dispose() => _encoder.Dispose();

    private Tensor Distance(Tensor left, Tensor right)
    {
        var codes = _encoder.call(cat([left, right]));
        var halves = codes.chunk(2);
        return (halves[0] - halves[1]).pow(2).sum(1).add(1e-9).sqrt();
    }
}

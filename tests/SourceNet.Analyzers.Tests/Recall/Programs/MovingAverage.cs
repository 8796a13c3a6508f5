// A second copy of the weights follows the first one slowly, on the same device or on another.
using System.Globalization;
using System.IO;

internal sealed class Standardize : nn.Module<Tensor, Tensor>
{
    private readonly double _momentum;

    public Standardize(long features, double momentum = 0.01)
        : base(nameof(Standardize))
    {
        _momentum = momentum;
        register_buffer("center", zeros(features));
        register_buffer("spread", ones(features));
    }

    public Tensor Center => get_buffer("center")!;

    public Tensor Spread => get_buffer("spread")!;

    public override Tensor forward(Tensor x)
    {
        if (training)
        {
            using var _ = no_grad();
            using var mean = x.mean([0L]);
            using var deviation = x.std([0L]);
            Center.lerp_(mean, _momentum);
            Spread.lerp_(deviation, _momentum);
        }

        return (x - Center) / (Spread + 1e-6);
    }
}

internal sealed class Average
{
    private readonly Dictionary<string, Tensor> _shadow;
    private readonly double _decay;

    public Average(nn.Module model, double decay, Device device)
    {
        _decay = decay;
        using var _ = no_grad();
        _shadow = model.state_dict().ToDictionary(pair => pair.Key, pair => pair.Value.detach().to(device, copy: true));
    }

    public void Update(nn.Module model)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var (name, value) in model.state_dict())
        {
            var shadow = _shadow[name];
            if (!shadow.is_floating_point())
            {
                shadow.copy_(value);
                continue;
            }

            var fresh = value.to(shadow.device);
            shadow.mul_(_decay).add_(fresh, 1 - _decay);
        }
    }

    public void CopyTo(nn.Module model) => model.load_state_dict(_shadow);
}

internal static class Regression
{
    private static int Main(string[] args)
    {
        var device = args.Contains("--gpu") && cuda.is_available() ? new Device("cuda:0") : CPU;
        var rows = File.ReadLines(args[0]).Skip(1)
            .Select(line => line.Split(',').Select(cell => float.Parse(cell, CultureInfo.InvariantCulture)).ToArray()).ToArray();
        var width = rows[0].Length - 1;
        var x = tensor(rows.SelectMany(row => row[..width]).ToArray(), [rows.Length, width]).to(device);
        var y = tensor(rows.Select(row => row[width]).ToArray(), [rows.Length, 1]).to(device);

        using var model = Build(width).to(device);
        using var followed = Build(width).to(device);
        var average = new Average(model, 0.995, CPU);
        using var optimizer = optim.AdamW(model.parameters().ToArray(), 1e-3, weight_decay: 1e-2);
        for (var step = 1; step <= 5000; step++)
        {
            using var scope = NewDisposeScope();
            var batch = randint(0, rows.Length, [256], device: device);
            model.train();
            optimizer.zero_grad();
            var error = nn.functional.mse_loss(model.call(x[batch]), y[batch]);
            error.backward();
            optimizer.step();
            average.Update(model);
            if (step % 500 == 0)
            {
                average.CopyTo(followed);
                Console.WriteLine($"{step}: {Error(model, x, y):F4}, averaged {Error(followed, x, y):F4}");
            }
        }

        followed.save("averaged.dat");
        return 0;
    }

    private static float Error(nn.Module<Tensor, Tensor> model, Tensor x, Tensor y)
    {
        model.eval();
        using var scope = NewDisposeScope();
        using var off = inference_mode();
        return nn.functional.l1_loss(model.call(x), y).item<float>();
    }

    private static TorchSharp.Modules.Sequential Build(long width) => nn.Sequential(
        new Standardize(width),
        nn.Linear(width, 128),
        nn.ReLU(),
        nn.Dropout(0.1),
        nn.Linear(128, 1));
}

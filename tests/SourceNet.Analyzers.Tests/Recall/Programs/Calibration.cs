// A classifier that is too sure of itself is divided by a temperature, which is learned from held-out samples.
internal sealed class TemperatureScaling : nn.Module<Tensor, Tensor>
{
    public TemperatureScaling()
        : base(nameof(TemperatureScaling))
    {
        register_parameter("temperature", new Parameter(full(1, 1.5f)));
    }

    public Parameter Temperature => get_parameter("temperature")!;

    public override Tensor forward(Tensor logits) => logits / Temperature;
}

internal sealed class Calibrator(Tensor logits, Tensor labels) : IDisposable
{
    private readonly TemperatureScaling _scaling = new();

    public float Temperature => _scaling.Temperature.item<float>();

    /// <summary>Descent on the module's parameter, with an optimizer.</summary>
    public void Fit(int steps)
    {
        using var optimizer = optim.Rprop(_scaling.parameters().ToArray(), 0.01);
        for (var i = 0; i < steps; i++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            nn.functional.cross_entropy(_scaling.call(logits), labels).backward();
            optimizer.step();
        }
    }

    /// <summary>The same without one, from several starts; gives the best.</summary>
    public float Search(params float[] starts)
    {
        var best = (Loss: float.MaxValue, Temperature: 1f);
        foreach (var start in starts)
        {
            using var temperature = tensor(new[] { start }, requires_grad: true);
            for (var i = 0; i < 100; i++)
            {
                using var scope = NewDisposeScope();
                var loss = nn.functional.cross_entropy(logits / temperature, labels);
                loss.backward();
                var gradient = temperature.grad!;
                temperature.data<float>()[0] = Math.Max(temperature.item<float>() - gradient.item<float>(), 0.05f);
                gradient.zero_();
                if (loss.item<float>() < best.Loss)
                {
                    best = (loss.item<float>(), temperature.item<float>());
                }
            }
        }

        return best.Temperature;
    }

    /// <summary>The mean distance between how sure the classifier is and how often it is right, over ten bins.</summary>
    public double Error()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var (sure, guess) = _scaling.call(logits).softmax(1).max(1);
        var right = guess.eq(labels).to(ScalarType.Float32).contiguous();
        var confidences = sure.contiguous().data<float>();
        var hits = right.data<float>();
        var bins = new (double Sure, double Right, long Count)[10];
        for (var i = 0L; i < confidences.Count; i++)
        {
            ref var bin = ref bins[Math.Min((int)(confidences[i] * 10), 9)];
            bin = (bin.Sure + confidences[i], bin.Right + hits[i], bin.Count + 1);
        }

        return bins.Where(bin => bin.Count > 0).Sum(bin => Math.Abs(bin.Sure - bin.Right)) / confidences.Count;
    }

    public void Dispose() => _scaling.Dispose();
}

internal static class CalibrationReport
{
    public static void Evaluate(nn.Module<Tensor, Tensor> model, Tensor images, Tensor labels)
    {
        model.eval();
        Tensor logits;
        using (no_grad())
        {
            logits = model.call(images);
        }

        using (logits)
        using (var calibrator = new Calibrator(logits, labels))
        {
            var before = calibrator.Error();
            calibrator.Fit(200);
            Console.WriteLine($"error {before:P2} -> {calibrator.Error():P2} at {calibrator.Temperature:F2}; by search {calibrator.Search(0.5f, 1, 2):F2}");
        }
    }
}

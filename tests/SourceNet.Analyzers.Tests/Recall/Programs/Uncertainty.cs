// How sure is a forecast of a pump's pressure? Dropout stays on, on purpose, and many answers are compared.
[Model, Input(24), Objective(MeanSquaredError)]
public sealed partial class PressureNet(double dropout)
{
    [Linear(128), Norm(Layer), Activation(GELU), Dropout(nameof(dropout))]
    private partial Tensor Encode(Tensor x);

    [Linear(128), Norm(Layer), Activation(GELU), Dropout(nameof(dropout))]
    private partial Tensor Refine(Tensor x);

    [Linear(1), Output]
    private partial Tensor Pressure(Tensor x);
}

public sealed record Forecast(float Mean, float Deviation)
{
    public bool IsSure => Deviation < 0.05f * Math.Abs(Mean);
}

public sealed class PumpMonitor : IDisposable
{
    private const int Answers = 50;

    private readonly PressureNet _net = new(dropout: 0.2);

    public static PumpMonitor Load(string path)
    {
        var monitor = new PumpMonitor();
        monitor._net.load(path);
        monitor._net.eval();
        return monitor;
    }

    public void Learn(Tensor windows, Tensor pressures, int epochs)
    {
        using var optimizer = _net.CreateOptimizer(learningRate: 1e-3);
        _net.train();
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            foreach (var batch in randperm(windows.shape[0]).split(64))
            {
                using var scope = NewDisposeScope();
                optimizer.zero_grad();
                var loss = _net.Loss(_net.call(windows[batch]), pressures[batch]);
                loss.backward();
                optimizer.step();
            }
        }

        _net.eval();
    }

    public Forecast Predict(float[] window)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var dropping = _net.MonteCarloDropout();
        using var input = tensor(window).expand(Answers, window.Length);
        var answers = _net.call(input);
        return new(answers.mean().item<float>(), answers.std().item<float>());
    }

    /// <summary>The share of measurements that lie within two deviations of the forecast.</summary>
    public double Coverage(IReadOnlyList<(float[] Window, float Pressure)> measurements)
    {
        var covered = 0;
        foreach (var (window, pressure) in measurements)
        {
            var (mean, deviation) = Predict(window);
            covered += Math.Abs(pressure - mean) <= 2 * deviation ? 1 : 0;
        }

        return (double)covered / measurements.Count;
    }

    public void Dispose() => _net.Dispose();
}

// A damped oscillation is fitted with L-BFGS and its closure, a line by plain descent.
public sealed class DampedOscillation : nn.Module<Tensor, Tensor>
{
    private readonly Parameter amplitude = new(tensor(1.0));
    private readonly Parameter damping = new(tensor(0.1));
    private readonly Parameter frequency;

    public DampedOscillation(double frequency)
        : base(nameof(DampedOscillation))
    {
        this.frequency = new Parameter(tensor(frequency));
        RegisterComponents();
    }

    public double Frequency => frequency.item<double>();

    public override Tensor forward(Tensor time) => amplitude * (-damping * time).exp() * (frequency * time).cos();
}

public static class CurveFit
{
    public static double Fit(double[] times, double[] values)
    {
        using var scope = NewDisposeScope();
        var t = tensor(times);
        var measured = tensor(values);
        using var curve = new DampedOscillation(frequency: 2);
        using var optimizer = optim.LBFGS(curve.parameters().ToArray(), lr: 0.1, max_iter: 20, history_size: 10);

        Tensor Closure()
        {
            optimizer.zero_grad();
            var loss = nn.functional.mse_loss(curve.call(t), measured);
            loss.backward();
            return loss;
        }

        var previous = double.MaxValue;
        for (var round = 0; round < 50; round++)
        {
            using var turn = NewDisposeScope();
            var error = optimizer.step(Closure).item<double>();
            if (Math.Abs(previous - error) < 1e-12)
            {
                break;
            }

            previous = error;
        }

        return curve.Frequency;
    }

    /// <summary>Plain gradient descent on two numbers. Near zero the rate would have no gradient left, so it is set back.</summary>
    public static (float Level, float Rate) FitLine(float[] times, float[] values, float step)
    {
        using var x = tensor(times);
        using var y = tensor(values);
        using var level = new Parameter(zeros(1));
        using var rate = new Parameter(ones(1));
        for (var i = 0; i < 1000; i++)
        {
            using var scope = NewDisposeScope();
            level.grad?.zero_();
            rate.grad?.zero_();
            var model = level + x * rate.pow(2);
            var loss = (model - y).pow(2).mean();
            loss.backward();
            using (no_grad())
            {
                level.sub_(step * level.grad!);
                rate.sub_(step * rate.grad!);
            }

            rate.data<float>()[0] = Math.Max(rate.item<float>(), 1e-3f);
        }

        return (level.item<float>(), rate.item<float>());
    }
}

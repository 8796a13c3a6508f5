// After training, weights are rounded to eight bits: memory is written directly, where no graph is alive.
public sealed class QuantizedLinear : nn.Module<Tensor, Tensor>
{
    private readonly Tensor values;
    private readonly Tensor scales;
    private readonly Parameter shift;

    private QuantizedLinear(Tensor values, Tensor scales, Tensor shift)
        : base(nameof(QuantizedLinear))
    {
        this.values = values;
        this.scales = scales;
        this.shift = new Parameter(shift, requires_grad: false);
        RegisterComponents();
    }

    public long Size => values.numel() + 4 * scales.numel();

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var weight = values.to(x.dtype) * scales;
        return nn.functional.linear(x, weight, shift).MoveToOuterDisposeScope();
    }

    public static QuantizedLinear From(Linear layer)
    {
        using var _ = no_grad();
        var (rows, columns) = (layer.weight!.shape[0], layer.weight!.shape[1]);
        using var weight = layer.weight!.detach().cpu().flatten();
        var values = zeros([rows * columns], dtype: ScalarType.Int8);
        var scales = zeros([rows], dtype: ScalarType.Float32);
        var source = weight.data<float>();
        var target = values.data<sbyte>();
        var steps = scales.data<float>();
        for (var row = 0L; row < rows; row++)
        {
            var largest = 1e-8f;
            for (var i = row * columns; i < (row + 1) * columns; i++)
            {
                largest = Math.Max(largest, Math.Abs(source[i]));
            }

            steps[row] = largest / 127;
            for (var i = row * columns; i < (row + 1) * columns; i++)
            {
                target[i] = (sbyte)MathF.Round(source[i] / steps[row]);
            }
        }

        return new(values.view(rows, columns), scales.view(rows, 1), layer.bias!.detach().clone());
    }
}

public sealed class GainControl : nn.Module<Tensor, Tensor>
{
    private readonly Parameter gain = new(ones(1));
    private readonly Linear first = nn.Linear(40, 80);
    private readonly Linear last = nn.Linear(80, 8);

    public GainControl()
        : base(nameof(GainControl)) => RegisterComponents();

    public Linear First => first;

    public Linear Last => last;

    public override Tensor forward(Tensor x) => last.call(first.call(x * gain).relu());

    /// <summary>Half a gain for every row, written into a copy of the input's memory.</summary>
    public static Tensor Damped(Tensor x)
    {
        var copy = x.detach().flatten().clone();
        var cells = copy.data<float>();
        for (var i = 0L; i < cells.Count; i++)
        {
            cells[i] *= 0.5f;
        }

        return copy.view(x.shape);
    }

    /// <summary>One step of gradient descent for the gain alone. It stays positive, and near one.</summary>
    public float Tune(Tensor x, Tensor y, float rate)
    {
        using var scope = NewDisposeScope();
        zero_grad();
        var logits = call(x);
        var loss = nn.functional.cross_entropy(logits, y) + 0.01 * gain.log().pow(2).sum();
        loss.backward();
        using var gradient = gain.grad!;
        gain.data<float>()[0] = Math.Max(gain.item<float>() - rate * gradient.item<float>(), 0.1f);
        return loss.item<float>();
    }
}

public static class Quantization
{
    public static (double Before, double After) Compare(GainControl net, Tensor x, Tensor y)
    {
        net.eval();
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var small = nn.Sequential(QuantizedLinear.From(net.First), nn.ReLU(), QuantizedLinear.From(net.Last));
        small.eval();
        return (Accuracy(net, x, y), Accuracy(small, x, y));
    }

    private static double Accuracy(nn.Module<Tensor, Tensor> net, Tensor x, Tensor y)
    {
        using var scope = NewDisposeScope();
        var right = net.call(x).argmax(1).eq(y);
        return right.to(ScalarType.Float64).mean().item<double>();
    }
}

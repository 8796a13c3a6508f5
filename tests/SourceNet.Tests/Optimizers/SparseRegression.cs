using SourceNet.Tests.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Tests.Optimizers;

/// <summary>Least squares with few true coefficients, <c>‖Xw − y‖² / 2n</c>, and the solution under L1 and L2 by coordinate descent on plain arrays.</summary>
internal sealed class SparseRegression
{
    internal const int Samples = 60;
    internal const int Features = 12;

    private readonly double[] x = Layers.Samples.Normal(11, Samples, Features).Values();
    private readonly double[] y;

    internal SparseRegression()
    {
        double[] truth = [2, 0, 0, -1.5, 0, 0, 0, 0.8, 0, 0, 0, 0];
        var noise = Layers.Samples.Normal(12, Samples).Values();
        y = [.. Enumerable.Range(0, Samples).Select(row => Enumerable.Range(0, Features).Sum(column => x[row * Features + column] * truth[column])
            + 0.3 * noise[row])];
    }

    /// <summary>The gradient of the squares at w.</summary>
    internal double[] Gradient(double[] w)
    {
        var gradient = new double[Features];
        for (var row = 0; row < Samples; row++)
        {
            var residual = Enumerable.Range(0, Features).Sum(column => x[row * Features + column] * w[column]) - y[row];
            for (var column = 0; column < Features; column++)
            {
                gradient[column] += residual * x[row * Features + column] / Samples;
            }
        }

        return gradient;
    }

    /// <summary>The minimum of <c>‖Xw − y‖² / 2n + l1 Σ|w| + l2/2 Σw²</c>, one coordinate after the other (Friedman et al. 2007).</summary>
    internal double[] Solution(double l1, double l2)
    {
        var w = new double[Features];
        for (var sweep = 0; sweep < 300; sweep++)
        {
            for (var column = 0; column < Features; column++)
            {
                var curvature = Enumerable.Range(0, Samples).Sum(row => x[row * Features + column] * x[row * Features + column]) / Samples;
                var pull = curvature * w[column] - Gradient(w)[column];
                w[column] = Math.Sign(pull) * Math.Max(Math.Abs(pull) - l1, 0) / (curvature + l2);
            }
        }

        return w;
    }

    /// <summary>What the optimizer makes of a start at 0.</summary>
    internal double[] Train(Func<Parameter, optim.Optimizer> create, int steps)
    {
        using var w = new Parameter(zeros(Features, dtype: ScalarType.Float64));
        using var optimizer = create(w);
        for (var step = 0; step < steps; step++)
        {
            using var gradient = tensor(Gradient(w.Values()));
            w.grad = gradient;
            optimizer.step();
        }

        return w.Values();
    }

    /// <summary>The same zeros, exactly, and the same values elsewhere.</summary>
    internal static void Same(double[] expected, double[] actual, double tolerance)
    {
        Assert.Contains(expected, value => value == 0);
        Assert.Contains(expected, value => value != 0);
        for (var index = 0; index < expected.Length; index++)
        {
            Assert.Equal(expected[index] == 0, actual[index] == 0);
            Assert.Equal(expected[index], actual[index], tolerance);
        }
    }
}

using SourceNet.Tests.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Tests.Optimizers;

/// <summary>Each method against its formulas, written down again over plain float64 arrays. The kernels are held to the same optimizers by
/// <see cref="FusedStepTests"/>.</summary>
public class MethodFormulaTests
{
    private const double Rate = 0.02;

    /// <summary>Moves the weights by the gradient of a step, counted from 1.</summary>
    private delegate void Formula(double[] w, double[] g, int step);

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(0.1, 0.3, false)]
    [InlineData(0.1, 0, true)]
    public void Lion(double decay, double l1, bool maximize)
    {
        var m = new double[42];
        Follows(parameter => new RegularizedLion([parameter], Rate, 0.8, 0.95, decay, maximize, l1), decay, l1, maximize, (w, g, _) => Each(w, i =>
        {
            w[i] -= Rate * Math.Sign((0.8 * m[i]) + (0.2 * g[i]));
            m[i] = (0.95 * m[i]) + (0.05 * g[i]);
        }));
    }

    [Theory]
    [InlineData(0, 0, false, 0)]
    [InlineData(0.1, 0.3, false, 0.05)]
    [InlineData(0.1, 0, true, 4e-3)]
    public void NAdam(double decay, double l1, bool maximize, double momentumDecay)
    {
        var (m, v, product) = (new double[42], new double[42], 1.0);
        double Mu(int step) => 0.8 * (1 - (0.5 * Math.Pow(0.96, step * momentumDecay)));
        Follows(parameter => new RegularizedNAdam([parameter], Rate, 0.8, 0.95, 1e-6, decay, momentumDecay, maximize, l1), decay, l1, maximize, (w, g, step) =>
        {
            product *= Mu(step);
            Each(w, i =>
            {
                m[i] = (0.8 * m[i]) + (0.2 * g[i]);
                v[i] = (0.95 * v[i]) + (0.05 * g[i] * g[i]);
                var root = Math.Sqrt(v[i] / (1 - Math.Pow(0.95, step))) + 1e-6;
                w[i] -= Rate * (1 - Mu(step)) / (1 - product) * g[i] / root;
                w[i] -= Rate * Mu(step + 1) / (1 - (product * Mu(step + 1))) * m[i] / root;
            });
        });
    }

    [Theory]
    [InlineData(0, 0, false, 0, false)]
    [InlineData(0.1, 0.3, false, 0.9, false)]
    [InlineData(0.1, 0, true, 0, true)]
    [InlineData(0, 0.3, true, 0.5, true)]
    public void RmsProp(double decay, double l1, bool maximize, double momentum, bool centered)
    {
        var (v, mean, u) = (new double[42], new double[42], new double[42]);
        Follows(
            parameter => new RegularizedRmsProp([parameter], Rate, 0.95, 1e-4, decay, momentum, centered, maximize, l1), decay, l1, maximize,
            (w, g, _) => Each(w, i =>
            {
                v[i] = (0.95 * v[i]) + (0.05 * g[i] * g[i]);
                mean[i] = (0.95 * mean[i]) + (0.05 * g[i]);
                u[i] = (momentum * u[i]) + (g[i] / (Math.Sqrt(v[i] - (centered ? mean[i] * mean[i] : 0)) + 1e-4));
                w[i] -= Rate * u[i];
            }));
    }

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(0.1, 0.3, false)]
    [InlineData(0.1, 0, true)]
    public void Lamb(double decay, double l1, bool maximize)
    {
        var (m, v) = (new double[42], new double[42]);
        Follows(parameter => new RegularizedLamb([parameter], Rate, 0.8, 0.95, 1e-6, decay, false, maximize, l1), 0, l1, maximize, (w, g, step) =>
        {
            var u = new double[42];
            Each(w, i =>
            {
                m[i] = (0.8 * m[i]) + (0.2 * g[i]);
                v[i] = (0.95 * v[i]) + (0.05 * g[i] * g[i]);
                u[i] = (m[i] / (1 - Math.Pow(0.8, step)) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.95, step))) + 1e-6)) + (decay * w[i]);
            });
            var ratio = Math.Sqrt(w.Sum(x => x * x)) / Math.Sqrt(u.Sum(x => x * x));
            Each(w, i => w[i] -= Rate * ratio * u[i]);
        });
    }

    [Theory]
    [InlineData(true, 0, 0, false, 1)]
    [InlineData(true, 0.1, 0.3, false, 0.5)]
    [InlineData(false, 0.1, 0, true, 1)]
    public void Adafactor_of_a_matrix(bool relative, double decay, double l1, bool maximize, double threshold)
    {
        // [6, 7] of the convolution's [6, 7, 1].
        var (rows, columns) = (new double[6], new double[7]);
        Follows(
            parameter => new RegularizedAdafactor([parameter], Rate, relative, 0.7, 1e-5, 0.01, threshold, decay, maximize, l1), decay, l1, maximize,
            (w, g, step) =>
            {
                var kept = 1 - Math.Pow(step, -0.7);
                for (var row = 0; row < 6; row++)
                {
                    rows[row] = (kept * rows[row]) + ((1 - kept) * Enumerable.Range(0, 7).Sum(column => Square(g, row, column)));
                }

                for (var column = 0; column < 7; column++)
                {
                    columns[column] = (kept * columns[column]) + ((1 - kept) * Enumerable.Range(0, 6).Sum(row => Square(g, row, column)));
                }

                var u = new double[42];
                Each(w, i => u[i] = g[i] / Math.Sqrt(rows[i / 7] * columns[i % 7] / rows.Sum()));
                Clipped(w, u, relative, threshold, step);
            }, 6, 7, 1);

        static double Square(double[] g, int row, int column) => Math.Pow(g[(row * 7) + column], 2) + 1e-5;
    }

    [Fact]
    public void Adafactor_of_a_vector_keeps_all_of_its_second_moment()
    {
        var v = new double[42];
        Follows(parameter => new RegularizedAdafactor([parameter], Rate, true, 0.7, 1e-5, 0.01), 0, 0, false, (w, g, step) =>
        {
            var kept = 1 - Math.Pow(step, -0.7);
            var u = new double[42];
            Each(w, i =>
            {
                v[i] = (kept * v[i]) + ((1 - kept) * ((g[i] * g[i]) + 1e-5));
                u[i] = g[i] / Math.Sqrt(v[i]);
            });
            Clipped(w, u, true, 1, step);
        }, 42);
    }

    private static void Clipped(double[] w, double[] u, bool relative, double threshold, int step)
    {
        var size = relative ? Math.Max(0.01, RootMeanSquare(w)) * Math.Min(Rate, 1 / Math.Sqrt(step)) : Rate;
        var divisor = Math.Max(1, RootMeanSquare(u) / threshold);
        Each(w, i => w[i] -= size * u[i] / divisor);
    }

    private static double RootMeanSquare(double[] values) => Math.Sqrt(values.Average(value => value * value));

    private static void Each(double[] w, Action<int> step)
    {
        for (var i = 0; i < w.Length; i++)
        {
            step(i);
        }
    }

    private static void Follows(
        Func<Parameter, RegularizedOptimizer> create, double decay, double l1, bool maximize, Formula formula, params long[] shape)
    {
        using var parameter = new Parameter(Samples.Normal(1, shape is [] ? [6, 7] : shape));
        using var optimizer = create(parameter);
        var w = parameter.Values();
        for (var step = 1; step <= 50; step++)
        {
            using var gradient = Samples.Normal(100 + step, parameter.shape);
            parameter.grad = gradient;
            optimizer.step();

            Each(w, i => w[i] -= Rate * decay * w[i]);
            formula(w, [.. gradient.Values().Select(g => maximize ? -g : g)], step);
            Each(w, i => w[i] = Math.Sign(w[i]) * Math.Max(Math.Abs(w[i]) - (Rate * l1), 0));
        }

        Samples.Close(w, parameter, 1e-10);
        Assert.Equal(w.Select(value => value == 0), parameter.Values().Select(value => value == 0));
    }
}

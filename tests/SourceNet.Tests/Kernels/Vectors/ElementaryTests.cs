using SourceNet.Kernels.Vectors;

namespace SourceNet.Tests.Kernels.Vectors;

/// <summary>Against float64 on dense grids, at every width.</summary>
public sealed class ElementaryTests
{
    private const double SmallestNormal = 1.17549435e-38;

    private sealed class ExpOf : VectorFunction
    {
        protected override TVector Apply<TVector>(TVector x) => Elementary.Exp(x);
    }

    private sealed class ExpMinusOneOf : VectorFunction
    {
        protected override TVector Apply<TVector>(TVector x) => Elementary.ExpMinusOne(x);
    }

    private sealed class LogOfOnePlusOf : VectorFunction
    {
        protected override TVector Apply<TVector>(TVector x) => Elementary.LogOfOnePlus(x);
    }

    private sealed class SigmoidOf : VectorFunction
    {
        protected override TVector Apply<TVector>(TVector x) => Elementary.Sigmoid(x);
    }

    private sealed class TanhOf : VectorFunction
    {
        protected override TVector Apply<TVector>(TVector x) => Elementary.Tanh(x);
    }

    private sealed class ErfOf : VectorFunction
    {
        protected override TVector Apply<TVector>(TVector x) => Elementary.Erf(x);
    }

    [Fact]
    public void Exp_is_within_two_units_in_the_last_place() => Check(new ExpOf(), Math.Exp, Grid(-110, 100), units: 2);

    [Fact]
    public void Exp_minus_one_is_within_three_units_in_the_last_place() =>
        Check(new ExpMinusOneOf(), ExpMinusOne, [.. Grid(-100, 88), .. Logarithmic(1e-45, 10)], units: 3);

    [Fact]
    public void The_logarithm_of_one_plus_x_is_within_two_units_in_the_last_place() =>
        Check(new LogOfOnePlusOf(), LogOfOnePlus, [.. Grid(0, 1), .. Logarithmic(1e-45, 1).Where(x => x >= 0)], units: 2);

    [Fact]
    public void Sigmoid_is_within_four_units_in_the_last_place() => Check(new SigmoidOf(), x => 1 / (1 + Math.Exp(-x)), Grid(-87, 110), units: 4);

    [Fact]
    public void Tanh_is_within_five_units_in_the_last_place() => Check(new TanhOf(), Math.Tanh, [.. Grid(-20, 20), .. Logarithmic(1e-45, 20)], units: 5);

    [Fact]
    public void Erf_is_within_six_units_in_the_last_place() => Check(new ErfOf(), Erf, [.. Grid(-6, 6), .. Logarithmic(1e-45, 6)], units: 6);

    [Fact]
    public void Special_numbers_come_out_as_they_should()
    {
        foreach (var width in VectorWidth.All)
        {
            float[] special = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0f, -0f];
            Assert.Equal([float.NaN, float.PositiveInfinity, 0, 1, 1], new ExpOf().Of(special, width));
            Assert.Equal([float.NaN, 1, 0, 0.5f, 0.5f], new SigmoidOf().Of(special, width));
            Assert.Equal([float.NaN, 1, -1, 0, -0f], new TanhOf().Of(special, width));
            Assert.Equal([float.NaN, 1, -1, 0, -0f], new ErfOf().Of(special, width));
            Assert.Equal([float.NaN, -1, 0, -0f], new ExpMinusOneOf().Of([float.NaN, float.NegativeInfinity, 0f, -0f], width));
            Assert.Equal([float.NaN, 0], new LogOfOnePlusOf().Of([float.NaN, 0f], width));
        }
    }

    private static void Check(VectorFunction function, Func<double, double> reference, float[] values, double units)
    {
        foreach (var width in VectorWidth.All)
        {
            var results = function.Of(values, width);
            var (worst, at) = (0.0, 0f);
            for (var index = 0; index < values.Length; index++)
            {
                var expected = reference(values[index]);
                if ((float)expected == results[index])
                {
                    continue;
                }

                // Below the normal numbers a unit is that of the smallest one.
                var unit = Math.Pow(2, Math.Floor(Math.Log2(Math.Max(Math.Abs(expected), SmallestNormal))) - 23);
                var error = Math.Abs(results[index] - expected) / unit;
                if (!(error <= worst))
                {
                    (worst, at) = (error, values[index]);
                }
            }

            Assert.True(worst <= units, $"{worst:0.00} units at {at:R}, width {width}");
        }
    }

    private static float[] Grid(double from, double to) => [.. Enumerable.Range(0, 100_003).Select(index => (float)(from + ((to - from) * index / 100_002)))];

    /// <summary>Numbers of both signs, equally dense in every decade, denormal ones included.</summary>
    private static float[] Logarithmic(double from, double to) =>
        [.. Enumerable.Range(0, 20_000).Select(index => (float)(from * Math.Pow(to / from, index / 19_999.0))).SelectMany(x => new[] { x, -x })];

    private static double ExpMinusOne(double x) => Math.Abs(x) < 1e-5 ? x + (x * x / 2) + (x * x * x / 6) : Math.Exp(x) - 1;

    private static double LogOfOnePlus(double x) => x < 1e-5 ? x - (x * x / 2) + (x * x * x / 3) : Math.Log(1 + x);

    /// <summary>The series that all terms of have one sign, which loses nothing.</summary>
    private static double Erf(double x)
    {
        var term = 2 / Math.Sqrt(Math.PI) * x * Math.Exp(-x * x);
        var sum = term;
        for (var n = 1; n < 200 && Math.Abs(term) > Math.Abs(sum) * 1e-17; n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return sum;
    }
}

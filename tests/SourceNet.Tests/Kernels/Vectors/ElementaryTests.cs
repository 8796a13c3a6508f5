using SourceNet.Kernels.Vectors;

namespace SourceNet.Tests.Kernels.Vectors;

/// <summary>The functions over lanes, against double precision.</summary>
public sealed unsafe class ElementaryTests
{
    private interface IFunction
    {
        static abstract TLanes Of<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes>;
    }

    private readonly struct Exp : IFunction
    {
        public static TLanes Of<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes> => Elementary.Exp(x);
    }

    private readonly struct ExpMinusOne : IFunction
    {
        public static TLanes Of<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes> => Elementary.ExpMinusOne(x);
    }

    private readonly struct Log : IFunction
    {
        public static TLanes Of<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes> => Elementary.Log(x);
    }

    private readonly struct LogOnePlus : IFunction
    {
        public static TLanes Of<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes> => Elementary.LogOnePlus(x);
    }

    private readonly struct Sigmoid : IFunction
    {
        public static TLanes Of<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes> => Elementary.Sigmoid(x);
    }

    private readonly struct Tanh : IFunction
    {
        public static TLanes Of<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes> => Elementary.Tanh(x);
    }

    private readonly struct Erf : IFunction
    {
        public static TLanes Of<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes> => Elementary.Erf(x);
    }

    private static float[] Run<TFunction, TLanes>(float[] x)
        where TFunction : IFunction
        where TLanes : struct, ILanes<TLanes>
    {
        var y = new float[x.Length];
        fixed (float* input = x, output = y)
        {
            for (var i = 0; i < x.Length; i += TLanes.Count)
            {
                var lanes = Math.Min(TLanes.Count, x.Length - i);
                TFunction.Of(LanesMemory.Load<TLanes>(input + i, lanes)).StoreLanes(output + i, lanes);
            }
        }

        return y;
    }

    /// <summary>The largest error in units of the last place of the true value, over all widths.</summary>
    private static double WorstUlps<TFunction>(Func<double, double> truth, IEnumerable<float> values)
        where TFunction : IFunction
    {
        var x = values.ToArray();
        return new[] { Run<TFunction, Lanes128>(x), Run<TFunction, Lanes256>(x), Run<TFunction, Lanes512>(x) }
            .SelectMany(y => x.Zip(y, (value, result) => Ulps(truth(value), result)))
            .Max();
    }

    private static double Ulps(double truth, float result)
    {
        // Below the normal numbers a unit is as large as that of the smallest of them.
        var unit = Math.Pow(2, Math.Max(-126, Math.ILogB(truth)) - 23);
        return truth == result ? 0 : Math.Abs(truth - result) / unit;
    }

    private static IEnumerable<float> Grid(double from, double to, int steps = 40_001) =>
        Enumerable.Range(0, steps).Select(step => (float)(from + ((to - from) * step / (steps - 1))));

    /// <summary>Numbers of every size, of one sign.</summary>
    private static IEnumerable<float> Sizes(double from, double to, int sign = 1) =>
        Enumerable.Range(0, 20_001).Select(step => (float)(sign * Math.Exp(Math.Log(from) + (Math.Log(to / from) * step / 20_000))));

    private static double ErfOf(double x)
    {
        // The series near 0, and the continued fraction of its complement elsewhere.
        var size = Math.Abs(x);
        if (size < 3)
        {
            double term = size, sum = size;
            for (var n = 1; n < 200; n++)
            {
                term *= -size * size / n;
                sum += term / ((2 * n) + 1);
            }

            return Math.Sign(x) * 2 / Math.Sqrt(Math.PI) * sum;
        }

        var fraction = 0.0;
        for (var n = 60; n >= 1; n--)
        {
            fraction = n / 2.0 / (size + fraction);
        }

        return Math.Sign(x) * (1 - (Math.Exp(-size * size) / Math.Sqrt(Math.PI) / (size + fraction)));
    }

    [Fact]
    public void Exponentials_are_right_to_two_units() => Assert.InRange(WorstUlps<Exp>(Math.Exp, Grid(-87, 88.7)), 0, 2);

    [Fact]
    public void Exponentials_below_the_normal_numbers_are_right_to_two_units() => Assert.InRange(WorstUlps<Exp>(Math.Exp, Grid(-104, -87)), 0, 2);

    [Fact]
    public void Exponentials_minus_one_are_right_to_three_units() =>
        Assert.InRange(WorstUlps<ExpMinusOne>(x => double.IsNegativeInfinity(x) ? -1 : Math.Abs(x) < 1e-5 ? x + (x * x / 2) : Math.Exp(x) - 1, [.. Grid(-30, 0), .. Sizes(1e-30, 30, -1)]), 0, 3);

    [Fact]
    public void Logarithms_are_right_to_two_units() => Assert.InRange(WorstUlps<Log>(Math.Log, [.. Sizes(1e-45, 3e38), .. Grid(0.5, 2)]), 0, 2);

    [Fact]
    public void Logarithms_of_one_plus_something_are_right_to_three_units() =>
        Assert.InRange(WorstUlps<LogOnePlus>(x => x < 1e-8 ? x - (x * x / 2) : Math.Log(1 + x), [.. Grid(0, 1), .. Sizes(1e-30, 1)]), 0, 3);

    [Fact]
    public void Sigmoids_are_right_to_three_units() => Assert.InRange(WorstUlps<Sigmoid>(x => 1 / (1 + Math.Exp(-x)), Grid(-87, 87)), 0, 3);

    [Fact]
    public void Hyperbolic_tangents_are_right_to_three_units() => Assert.InRange(WorstUlps<Tanh>(Math.Tanh, [.. Grid(-12, 12), .. Sizes(1e-38, 1), .. Sizes(1e-38, 100, -1)]), 0, 3);

    [Fact]
    public void Error_functions_are_right_to_five_units() => Assert.InRange(WorstUlps<Erf>(ErfOf, [.. Grid(-6, 6), .. Sizes(1e-30, 1)]), 0, 5);

    [Fact]
    public void Limits_and_what_is_no_number_are_as_they_should_be()
    {
        float[] x = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0f, -0f];
        Assert.Equal([float.NaN, float.PositiveInfinity, 0, 1, 1], Run<Exp, Lanes128>(x));
        Assert.Equal([float.NaN, float.PositiveInfinity, float.NaN, float.NegativeInfinity, float.NegativeInfinity], Run<Log, Lanes256>(x));
        Assert.Equal([float.NaN, 1, 0, 0.5f, 0.5f], Run<Sigmoid, Lanes512>(x));
        Assert.Equal([float.NaN, 1, -1, 0, -0f], Run<Tanh, Lanes512>(x));
        Assert.Equal([float.NaN, 1, -1, 0, 0], Run<Erf, Lanes512>(x).Select(y => MathF.Abs(y) == 1 ? y : y + 0f).Select(y => MathF.Abs(MathF.Abs(y) - 1) < 3e-7f ? MathF.Sign(y) : y));
        Assert.Equal([float.PositiveInfinity], Run<Exp, Lanes128>([89f]));
        Assert.Equal([0f], Run<Exp, Lanes128>([-110f]));
    }

    [Fact]
    public void Sums_and_largest_lanes_are_of_all_lanes()
    {
        Check<Lanes128>();
        Check<Lanes256>();
        Check<Lanes512>();

        static void Check<TLanes>()
            where TLanes : struct, ILanes<TLanes>
        {
            var values = Enumerable.Range(1, TLanes.Count).Select(i => (float)(i * i)).ToArray();
            fixed (float* first = values)
            {
                Assert.Equal(values.Sum(), TLanes.Sum(TLanes.Load(first)));
                for (var place = 0; place < values.Length; place++)
                {
                    (values[place], values[^1]) = (values[^1], values[place]);
                    Assert.Equal(values.Max(), TLanes.Largest(TLanes.Load(first)));
                }

                values[1] = float.NaN;
                Assert.Equal(float.NaN, TLanes.Largest(TLanes.Load(first)));
            }
        }
    }
}

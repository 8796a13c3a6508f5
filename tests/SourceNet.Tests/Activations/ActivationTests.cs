using SourceNet.CompilerServices.Activations;
using SourceNet.Tests.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Tests.Activations;

public sealed class ActivationTests
{
    public static TheoryData<string> Names => [.. ActivationCase.All.Select(one => one.Name)];

    [Fact]
    public void Every_elementwise_activation_is_tested() => Assert.Equal(
        typeof(IActivation).Assembly.GetTypes().Where(type => type.IsValueType && type.IsAssignableTo(typeof(IActivation))).Select(type => type.Name).Order(),
        ActivationCase.All.Select(one => one.Name).Order());

    [Fact]
    public void Every_kind_but_those_with_learned_or_random_parameters_has_a_structure() => Assert.Equal(
        Enum.GetNames<ActivationKind>().Except(["None", "PReLU", "RReLU", "GLU"]).Concat(["Identity", "GELUTanh"]).Order(),
        ActivationCase.All.Select(one => one.Name).Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void Values_and_derivatives_are_as_precise_as_libtorchs(string name)
    {
        var activation = ActivationCase.Named(name);
        float[] values = [.. Grid(-12, 12), .. Grid(-1, 1), .. Grid(-95, 95)];
        var (exact, exactSlope) = Composed(activation, values, ScalarType.Float64);
        var (single, singleSlope) = Composed(activation, values, ScalarType.Float32);
        foreach (var width in VectorWidth.All)
        {
            // GELU is x times a probability, whose error near 0 and 1 is that of float32 at 1: libtorch's own differs by processor.
            AssertAsPrecise(exact, single, activation.Value.Of(values, width), values, gain: value => name == nameof(GELU) ? Math.Abs(value) : 1);
            AssertAsPrecise(exactSlope, singleSlope, activation.Derivative.Of(values, width), values, gain: _ => 1);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Derivatives_at_kinks_are_libtorchs(string name)
    {
        var activation = ActivationCase.Named(name);
        float[] values = [.. activation.Kinks, 0f, -0f];
        var (expected, slope) = Composed(activation, values, ScalarType.Float32);
        foreach (var width in VectorWidth.All)
        {
            for (var index = 0; index < values.Length; index++)
            {
                Assert.Equal(expected[index], activation.Value.Of(values, width)[index], 1e-6);
                Assert.Equal(slope[index], activation.Derivative.Of(values, width)[index], 1e-6);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_gradient_that_is_no_number_goes_back_where_it_does_in_libtorch(string name)
    {
        using var scope = NewDisposeScope();
        var activation = ActivationCase.Named(name);
        float[] values = [-2.5f, -1, -0.2f, 0.2f, 1, 2.5f];
        foreach (var special in new[] { float.NaN, float.PositiveInfinity })
        {
            var x = tensor(values).requires_grad_();
            activation.Compose(x).backward([full(values.Length, special)]);
            var expected = name == "Identity" ? [.. values.Select(_ => special)] : x.grad!.data<float>().ToArray();
            foreach (var width in VectorWidth.All)
            {
                // Formulas that subtract make NaN of infinity, where ours may not, and the other way round.
                Assert.Equal(expected.Select(float.IsFinite), activation.Gradient(special).Of(values, width).Select(float.IsFinite));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Infinities_and_not_a_number_come_out_as_libtorchs(string name)
    {
        var activation = ActivationCase.Named(name);
        float[] values = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1e30f, -1e30f, 1e-40f, -1e-40f];
        var (expected, _) = Composed(activation, values, ScalarType.Float32);
        foreach (var width in VectorWidth.All)
        {
            var results = activation.Value.Of(values, width);
            for (var index = 0; index < values.Length; index++)
            {
                Assert.True(
                    results[index].Equals((float)expected[index]) || Math.Abs(results[index] - expected[index]) <= 1e-6 * Math.Abs(expected[index])
                    // What libtorch computes for an infinite argument of GELU is the product of 0 and infinity on the way; the limit is as good.
                    || (name == nameof(GELU) && double.IsNaN(expected[index]) && results[index] == values[index]),
                    $"{results[index]:R} where libtorch has {expected[index]:R}, at {values[index]:R}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_composition_returns_a_new_tensor(string name)
    {
        using var x = randn(3, 5);
        using var y = ActivationCase.Named(name).Compose(x);
        Assert.NotSame(x, y);
        Assert.NotEqual(x.Handle, y.Handle);
        Assert.Equal(x.shape, y.shape);
    }

    /// <param name="gain">What an error of 1e-7 counts at a value, 1 at least.</param>
    private static void AssertAsPrecise(double[] exact, double[] libtorch, float[] ours, float[] values, Func<float, double> gain)
    {
        var scale = 1e-7 * Math.Min(1, exact.Max(Math.Abs));
        for (var start = 0; start < values.Length; start += 500)
        {
            // The worst of a neighborhood: at a single point libtorch may be right by chance.
            var range = Enumerable.Range(start, Math.Min(500, values.Length - start)).ToArray();
            var theirs = range.Max(index => Math.Abs(libtorch[index] - exact[index]));
            var worst = range.MaxBy(index => Math.Abs(ours[index] - exact[index]));
            var error = Math.Abs(ours[worst] - exact[worst]);
            Assert.True(error <= (2 * theirs) + (scale * Math.Max(1, gain(values[worst]))), $"{error:e2} against {theirs:e2} at {values[worst]:R}: {ours[worst]:R} for {exact[worst]:R}");
        }
    }

    private static (double[] Value, double[] Derivative) Composed(ActivationCase activation, float[] values, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var x = tensor(values).to(type).detach().requires_grad_();
        var y = activation.Compose(x);
        y.sum().backward();
        return (Doubles(y), Doubles(x.grad!));

        static double[] Doubles(Tensor values) => values.detach().to(ScalarType.Float64).data<double>().ToArray();
    }

    private static float[] Grid(double from, double to) => [.. Enumerable.Range(0, 20_001).Select(index => (float)(from + ((to - from) * index / 20_000)))];
}

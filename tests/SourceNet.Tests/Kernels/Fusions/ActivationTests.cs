using SourceNet.Activations;
using SourceNet.Kernels.Elements;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Tests.Kernels.Fusions;

/// <summary>Values and derivatives of activations over lanes of every width, against TorchSharp's operators in double precision.</summary>
public sealed unsafe class ActivationTests
{
    public static TheoryData<string> Names => [.. ActivationList.Names];

    /// <summary>What a kernel makes of numbers, and its derivative.</summary>
    private sealed record Lanes(float[] Values, float[] Derivatives);

    private sealed class LanesVisitor<TLanes>(float[] x) : IActivationVisitor<Lanes>
        where TLanes : struct, ILanes<TLanes>
    {
        public Lanes Visit<TActivation>(TActivation activation)
            where TActivation : unmanaged, IActivation
        {
            var (values, derivatives) = (new float[x.Length], new float[x.Length]);
            fixed (float* input = x, value = values, derivative = derivatives)
            {
                for (var i = 0; i < x.Length; i += TLanes.Count)
                {
                    var lanes = Math.Min(TLanes.Count, x.Length - i);
                    var loaded = LanesMemory.Load<TLanes>(input + i, lanes);
                    new ValueRule<TActivation>(activation).Of(loaded, default).StoreLanes(value + i, lanes);
                    new DerivativeRule<TActivation>(activation).Of(loaded, TLanes.All(1f)).StoreLanes(derivative + i, lanes);
                }
            }

            return new(values, derivatives);
        }
    }

    private sealed class Operators(float[] x, ScalarType type) : IActivationVisitor<(double[] Values, double[] Derivatives)>
    {
        public (double[] Values, double[] Derivatives) Visit<TActivation>(TActivation activation)
            where TActivation : unmanaged, IActivation
        {
            using var scope = NewDisposeScope();
            var input = tensor(x).to(type).requires_grad_(true);
            var result = activation.Compose(input);
            result.sum().backward();
            return ([.. result.detach().to(ScalarType.Float64).data<double>()], [.. input.grad!.to(ScalarType.Float64).data<double>()]);
        }
    }

    private static IEnumerable<Lanes> AllWidths(string name, float[] x) =>
    [
        ActivationList.Visit(name, new LanesVisitor<Lanes128>(x)), ActivationList.Visit(name, new LanesVisitor<Lanes256>(x)), ActivationList.Visit(name, new LanesVisitor<Lanes512>(x)),
    ];

    [Fact]
    public void Every_activation_is_tested() =>
        Assert.Equal(
            typeof(IActivation).Assembly.GetTypes().Where(type => type.IsValueType && type.IsAssignableTo(typeof(IActivation))).Select(type => type.Name).Order(),
            ActivationList.Names.Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void Values_and_derivatives_are_right(string name)
    {
        // No number of the grid is a kink of any activation.
        float[] x = [.. Enumerable.Range(0, 40_001).Select(i => -20.0001f + (i * 0.001f)), .. Enumerable.Range(0, 1000).Select(i => (i - 500.5f) * 1e-6f)];
        var (values, derivatives) = ActivationList.Visit(name, new Operators(x, ScalarType.Float64));

        foreach (var lanes in AllWidths(name, x))
        {
            for (var i = 0; i < x.Length; i++)
            {
                Assert.True(Math.Abs(lanes.Values[i] - values[i]) <= 1.2e-6 * Math.Max(0.5, Math.Abs(values[i])), $"{name}({x[i]}) is {values[i]}, not {lanes.Values[i]}");
                Assert.True(Math.Abs(lanes.Derivatives[i] - derivatives[i]) <= 2e-6, $"{name}'({x[i]}) is {derivatives[i]}, not {lanes.Derivatives[i]}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Small_numbers_keep_their_relative_precision(string name)
    {
        if (name is "Sigmoid" or "Hardsigmoid" or "LogSigmoid" or "Softplus" or "Threshold" or "Tanhshrink" or "Softshrink" or "Hardshrink")
        {
            return; // Not 0 at 0, or 0 around it, or a difference of two that are almost the same in libtorch too.
        }

        float[] x = [.. Enumerable.Range(0, 200).SelectMany(i => new[] { MathF.Pow(10, -30 + (0.14f * i)), -MathF.Pow(10, -30 + (0.14f * i)) }).Where(value => MathF.Abs(value) < 0.01f)];
        var (values, _) = ActivationList.Visit(name, new Operators(x, ScalarType.Float64));

        foreach (var lanes in AllWidths(name, x))
        {
            Assert.All(lanes.Values.Zip(values), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= 1e-6 * Math.Abs(pair.Second), $"{name}: {pair.Second} is {pair.First}"));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Kinks_infinities_and_what_is_no_number_are_as_in_libtorch(string name)
    {
        float[] x = [0f, -0f, 6f, 3f, -3f, 0.3f, -0.3f, 0.4f, -0.4f, -0.5f, 2f, 2.5f, -0.1f, 1e30f, -1e30f, float.PositiveInfinity, float.NegativeInfinity, float.NaN];
        // In single precision libtorch's GELU of infinity depends on the machine; in double it does not.
        var (values, derivatives) = ActivationList.Visit(name, new Operators(x, name == "GELU" ? ScalarType.Float64 : ScalarType.Float32));

        foreach (var lanes in AllWidths(name, x))
        {
            for (var i = 0; i < x.Length; i++)
            {
                AssertAlike($"{name}({x[i]})", values[i], lanes.Values[i]);
                AssertAlike($"{name}'({x[i]})", derivatives[i], lanes.Derivatives[i]);
            }
        }
    }

    private static void AssertAlike(string what, double expected, float actual) =>
        Assert.True(
            (double.IsNaN(expected) && float.IsNaN(actual)) || expected == actual || Math.Abs(expected - actual) <= 1e-6 * Math.Max(1, Math.Abs(expected)),
            $"{what} is {expected}, not {actual}");
}

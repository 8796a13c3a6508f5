using System.Reflection;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Tests.Bases;

/// <summary>The bases of declared models differ in the signature of the forward and in nothing else.</summary>
public class BasesTests
{
    private const BindingFlags Own = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public static TheoryData<Type> Generic =>
        [typeof(Model<,,>), typeof(Model<,,,>), typeof(Model<,,,,>), typeof(Model<,,,,,>), typeof(Model<,,,,,,>)];

    [Theory]
    [MemberData(nameof(Generic))]
    public void Every_signature_has_the_same_members(Type modelBase) => Assert.Equal(Members(typeof(Model<,>)), Members(modelBase));

    [Fact]
    public void The_divergence_of_Gaussians_is_that_of_the_formula_and_its_gradient_of_finite_differences()
    {
        using var scope = NewDisposeScope();
        double[,] mean = { { 0.5, -1, 2 }, { 0, 3, -0.25 } };
        double[,] logVariance = { { 0, 0.3, -2 }, { 1e-9, 1, -1 } };
        double[] weights = [2, 0.5];
        using var m = tensor(mean, requires_grad: true);
        using var v = tensor(logVariance, requires_grad: true);
        var loss = Objectives.KullbackLeibler(m, v, tensor(weights));
        Assert.Equal(Expected(mean, logVariance), loss.item<double>(), 1e-12);
        loss.backward();
        for (var row = 0; row < 2; row++)
        {
            for (var column = 0; column < 3; column++)
            {
                Assert.Equal(Slope(mean, row, column), m.grad![row, column].item<double>(), 1e-7);
                Assert.Equal(Slope(logVariance, row, column), v.grad![row, column].item<double>(), 1e-7);
            }
        }

        double Slope(double[,] changed, int row, int column)
        {
            const double Step = 1e-5;
            var kept = changed[row, column];
            changed[row, column] = kept + Step;
            var above = Expected(mean, logVariance);
            changed[row, column] = kept - Step;
            var below = Expected(mean, logVariance);
            changed[row, column] = kept;
            return (above - below) / (2 * Step);
        }

        double Expected(double[,] means, double[,] logVariances)
        {
            var sum = 0.0;
            for (var row = 0; row < 2; row++)
            {
                for (var column = 0; column < 3; column++)
                {
                    var (mu, l) = (means[row, column], logVariances[row, column]);
                    sum -= weights[row] * 0.5 * (1 + l - (mu * mu) - Math.Exp(l));
                }
            }

            return sum / weights.Sum();
        }
    }

    [Fact]
    public void Means_and_variances_of_different_shapes_are_refused()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ArgumentException>(() => Objectives.KullbackLeibler(zeros(2, 3), zeros(2, 4)));
        Assert.Contains("[2, 3]", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Kinds and names; what is implemented of an interface has its name before it.</summary>
    private static IEnumerable<string> Members(Type type) => type.GetMembers(Own)
        .Where(member => member.Name is not "forward")
        .Select(member => $"{member.MemberType} {member.Name}")
        .Order(StringComparer.Ordinal);
}

using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Tests.Layers;

/// <summary>Compares gradients with central differences, element by element, in double precision.</summary>
internal static class FiniteDifferences
{
    private const double Step = 1e-5;

    /// <param name="function">Any shape; it is reduced to a number by fixed random weights, so that no element's gradient can hide.</param>
    /// <param name="variables">Float64 leaves that require gradients.</param>
    internal static void Check(Func<Tensor> function, params Tensor[] variables)
    {
        foreach (var variable in variables)
        {
            Assert.Equal(ScalarType.Float64, variable.dtype);
            variable.grad = null;
        }

        Tensor? direction = null;
        using (var value = function())
        {
            direction = Samples.Normal(99, value.shape);
            using var product = value * direction;
            using var sum = product.sum();
            sum.backward();
        }

        foreach (var variable in variables)
        {
            Assert.NotNull(variable.grad);
            var gradient = variable.grad!.Values();
            var start = variable.Values();
            for (var index = 0; index < start.Length; index++)
            {
                var (above, below) = ((double[])start.Clone(), (double[])start.Clone());
                above[index] += Step;
                below[index] -= Step;
                var expected = (At(above) - At(below)) / (2 * Step);
                Assert.True(
                    Math.Abs(expected - gradient[index]) <= 1e-7 * (1 + Math.Abs(expected)),
                    FormattableString.Invariant(
                        $"Gradient at {index} of [{string.Join(", ", variable.shape)}]: expected {expected:R}, found {gradient[index]:R}."));
            }

            variable.Fill(start);

            double At(double[] values)
            {
                variable.Fill(values);
                using var noGradient = no_grad();
                using var value = function();
                using var product = value * direction;
                using var sum = product.sum();
                return sum.item<double>();
            }
        }
    }
}

using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Tests.Kernels.Fusions;

/// <summary>
/// Holds a kernel to its operators in double precision: the result and every gradient. An error may be twice that of libtorch's own operators in single precision, or a few units where those happen to be
/// exact.
/// </summary>
internal static class Comparison
{
    private const double Unit = 1.2e-7;

    /// <param name="kernel">The fused operation of the inputs.</param>
    /// <param name="operators">The same, composed of operators of any type.</param>
    /// <param name="inputs">Float32; null where there is none. Those that need a gradient say so.</param>
    /// <param name="expand">Whether the gradient of the result is one number expanded.</param>
    internal static void Check(Func<Tensor?[], Tensor> kernel, Func<Tensor?[], Tensor> operators, Tensor?[] inputs, bool expand = false, double slack = 16)
    {
        using var scope = NewDisposeScope();
        var (actual, actualGradients) = Run(kernel, inputs, expand);
        var (single, singleGradients) = Run(operators, inputs, expand);
        var (expected, expectedGradients) = Run(operators, [.. inputs.Select(Double)], expand);

        Assert.Equal(expected.shape, actual.shape);
        AssertClose("result", expected, single, actual, slack);
        for (var i = 0; i < inputs.Length; i++)
        {
            if (expectedGradients[i] is { } gradient)
            {
                Assert.NotNull(actualGradients[i]);
                AssertClose($"gradient of input {i}", gradient, singleGradients[i]!, actualGradients[i]!, slack);
            }
            else
            {
                Assert.Null(actualGradients[i]);
            }
        }
    }

    /// <summary>The result, and the gradients of a weighted sum of it.</summary>
    internal static (Tensor Result, Tensor?[] Gradients) Run(Func<Tensor?[], Tensor> operation, Tensor?[] inputs, bool expand = false)
    {
        // Fresh leaves, so that gradients of one run do not meet those of another.
        var leaves = inputs.Select(input => input is { requires_grad: true } ? Fresh(input) : input).ToArray();
        var result = operation(leaves);
        if (!leaves.Any(leaf => leaf is { requires_grad: true }))
        {
            return (result, new Tensor?[leaves.Length]);
        }

        var weights = expand ? ones([1], result.dtype).expand(result.shape) : linspace(-1, 2, result.NumberOfElements, ScalarType.Float64).cos().reshape(result.shape).to(result.dtype);
        result.backward([weights]);
        return (result.detach(), [.. leaves.Select(leaf => leaf?.grad)]);
    }

    private static Tensor Fresh(Tensor input)
    {
        // A view keeps its strides, so that a kernel meets them.
        var copy = input.detach();
        return (copy.is_contiguous() ? copy.clone() : copy).requires_grad_(true);
    }

    private static Tensor? Double(Tensor? input) =>
        input is null ? null : input.dtype == ScalarType.Float32 ? input.detach().to(ScalarType.Float64).requires_grad_(input.requires_grad) : input;

    private static void AssertClose(string what, Tensor expected, Tensor single, Tensor actual, double slack)
    {
        if (expected.NumberOfElements == 0)
        {
            return;
        }

        var scale = 1 + Finite(expected.abs()).max().item<double>();
        var allowed = (2 * Finite((single.to(ScalarType.Float64) - expected).abs()).max().item<double>()) + (slack * Unit * scale);
        var error = (actual.to(ScalarType.Float64) - expected).abs();
        Assert.True(error.isnan().logical_not().all().item<bool>() || expected.isnan().any().item<bool>(), $"{what} is not a number");
        Assert.True(Finite(error).max().item<double>() <= allowed, $"{what}: error {Finite(error).max().item<double>():g3}, allowed {allowed:g3}");
        Assert.True(actual.isnan().eq(expected.isnan()).all().item<bool>(), $"{what}: numbers that are none are elsewhere");
    }

    private static Tensor Finite(Tensor x) => x.nan_to_num(0, 0, 0);
}

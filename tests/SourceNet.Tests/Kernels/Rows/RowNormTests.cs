using SourceNet.Kernels.Autograd;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Rows;
using SourceNet.Tests.Activations;
using SourceNet.Tests.Kernels.Vectors;
using SourceNet.Tests.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Tests.Kernels.Rows;

/// <summary>The kernels themselves, against float64.</summary>
public sealed class RowNormTests
{
    private static readonly DropoutMask s_mask = new(0x5EED, 0.3);

    /// <summary>One row and one feature, primes, sizes around every vector width and around the block of a row's sums.</summary>
    private static readonly long[][] s_shapes =
    [
        [1, 2], [3, 3], [5, 4], [1, 5], [7, 7], [3, 8], [2, 9], [13, 15], [4, 16], [3, 17], [2, 31], [5, 32], [3, 33], [2, 63], [2, 64], [3, 65], [11, 101],
            [2, 127], [2, 129], [2, 3, 5, 48],
        [1, 1024], [2, 4095], [2, 4096], [3, 4097], [2, 9001], [700, 24], [3000, 7], [33, 1000],
    ];

    public static TheoryData<string> Names => [.. ActivationCase.All.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_composition_is_as_precise_as_libtorch(string name)
    {
        foreach (var centers in new[] { false, true })
        {
            foreach (var residual in new[] { false, true })
            {
                new RowCase(centers, ActivationCase.Named(name), null, residual, [37, 83]).Check();
                new RowCase(centers, ActivationCase.Named(name), s_mask, residual, [37, 83]).Check();
            }
        }
    }

    [Theory]
    [InlineData("SiLU", false)]
    [InlineData("SiLU", true)]
    [InlineData("GELU", true)]
    [InlineData("Identity", false)]
    public void Every_shape_is_computed_as_precisely(string name, bool centers)
    {
        foreach (var shape in s_shapes)
        {
            new RowCase(centers, ActivationCase.Named(name), null, true, shape).Check();
            new RowCase(centers, ActivationCase.Named(name), s_mask, false, shape, IsAffine: false).Check();
        }
    }

    [Theory]
    [InlineData("SiLU", false)]
    [InlineData("SiLU", true)]
    [InlineData("Identity", false)]
    [InlineData("Identity", true)]
    public void A_residual_whose_samples_are_skipped_is_computed_as_precisely(string name, bool centers)
    {
        var path = new DropoutMask(0xFEED, 0.4);
        foreach (var shape in new long[][] { [1, 2], [5, 3], [7, 16], [4, 3, 17], [13, 2, 5, 33], [3, 4097], [40, 7, 24] })
        {
            new RowCase(centers, ActivationCase.Named(name), null, true, shape, Path: path).Check();
            new RowCase(centers, ActivationCase.Named(name), s_mask, true, shape, IsAffine: false, Path: path).Check();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_frozen_side_of_a_sum_whose_samples_are_skipped_gets_no_gradient(bool centers)
    {
        using var scope = NewDisposeScope();
        var example = new RowCase(centers, ActivationCase.Named("GELU"), null, true, [9, 2, 21], Path: new DropoutMask(0xFEED, 0.4));
        var all = example.Run(inputs => example.Operation.Apply(inputs), ScalarType.Float32).Gradients;
        foreach (var frozen in new[] { 0, 1 })
        {
            var gradients = example.Run(
                inputs =>
                {
                    inputs[frozen] = inputs[frozen]!.detach();
                    return example.Operation.Apply(inputs);
                },
                ScalarType.Float32).Gradients;
            Assert.Equal(all[1 - frozen]!.Values(), gradients[1 - frozen]!.Values());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rows_of_one_feature_have_the_gradient_that_is_almost_zero(bool centers)
    {
        using var scope = NewDisposeScope();
        var example = new RowCase(centers, ActivationCase.Named("Tanh"), s_mask, true, [5, 1]);
        var expected = example.Run(example.Formula, ScalarType.Float64);
        var actual = example.Run(inputs => example.Operation.Apply(inputs), ScalarType.Float32);
        foreach (var (one, other) in expected.Outputs.Concat(expected.Gradients.OfType<Tensor>()).Zip(actual.Outputs.Concat(actual.Gradients.OfType<Tensor>())))
        {
            Accuracy.Same(one, other, 1e-5);
        }
    }

    [Fact]
    public void Sums_of_many_rows_stay_precise()
    {
        new RowCase(false, ActivationCase.Named("Identity"), null, false, [30_000, 8]).Check();
        new RowCase(true, ActivationCase.Named("Identity"), null, false, [30_000, 8]).Check();
    }

    [Fact]
    public void Results_do_not_depend_on_the_number_of_threads()
    {
        using var scope = NewDisposeScope();
        var example = new RowCase(true, ActivationCase.Named("SiLU"), s_mask, true, [301, 257]);
        (Tensor[] Outputs, Tensor?[] Gradients) one, several;
        using (new ThreadCount(1))
        {
            one = example.Run(inputs => example.Operation.Apply(inputs), ScalarType.Float32);
        }

        using (new ThreadCount(5))
        {
            several = example.Run(inputs => example.Operation.Apply(inputs), ScalarType.Float32);
        }

        foreach (var (expected, actual) in one.Outputs.Concat(one.Gradients!).Zip(several.Outputs.Concat(several.Gradients!)))
        {
            Assert.Equal(expected!.Values(), actual!.Values());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradients_are_those_of_finite_differences(bool centers)
    {
        using var scope = NewDisposeScope();
        var example = new RowCase(centers, ActivationCase.Named("SiLU"), s_mask, true, [3, 7]);
        var (_, gradients) = example.Run(inputs => example.Operation.Apply(inputs), ScalarType.Float32);
        // The kernel's own values, by steps large enough for float32.
        var inputs = example.Leaves(ScalarType.Float32);
        for (var input = 0; input < inputs.Length; input++)
        {
            if (inputs[input] is not { } variable)
            {
                continue;
            }

            var start = variable.Values();
            for (var index = 0; index < start.Length; index++)
            {
                const double Step = 1.0 / 256;
                var difference = (At(index, Step) - At(index, -Step)) / (2 * Step);
                Assert.Equal(difference, gradients[input]!.Values()[index], 2e-3 * (1 + Math.Abs(difference)));
            }

            double At(int index, double step)
            {
                var moved = (double[])start.Clone();
                moved[index] += step;
                variable.Fill(moved);
                using var noGradient = no_grad();
                var outputs = example.Operation.Apply(inputs);
                variable.Fill(start);
                return outputs.Select((output, place) => (output.to(ScalarType.Float64) * Samples.Normal(20 + outputs.Length - place, example.Shape)).sum()
                    .item<double>()).Sum();
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradients_of_gradients_are_those_of_the_formula_with_the_same_mask(bool centers)
    {
        using var scope = NewDisposeScope();
        var example = new RowCase(centers, ActivationCase.Named("SiLU"), s_mask, true, [5, 19]);
        var expected = Second(example.Formula, ScalarType.Float64);
        var actual = Second(inputs => example.Operation.Apply(inputs), ScalarType.Float32);
        for (var index = 0; index < expected.Length; index++)
        {
            Accuracy.Same(expected[index], actual[index], 2e-4);
        }

        Tensor[] Second(Func<Tensor?[], Tensor[]> function, ScalarType type)
        {
            var inputs = example.Leaves(type);
            var outputs = function(inputs);
            var loss = outputs.Select((output, place) => (output * output * Samples.Normal(7 + place, example.Shape).to(type)).sum()).Aggregate(
                (one, other) => one + other);
            var leaves = inputs.OfType<Tensor>().ToArray();
            var first = autograd.grad([loss], leaves, retain_graph: true, create_graph: true);
            first.Select(gradient => (gradient * gradient).sum()).Aggregate((one, other) => one + other).backward();
            return [.. leaves.Select(leaf => leaf.grad!)];
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Frozen_inputs_get_no_gradient_and_the_others_get_the_same(bool centers)
    {
        using var scope = NewDisposeScope();
        var example = new RowCase(centers, ActivationCase.Named("GELU"), null, true, [9, 21]);
        var all = example.Run(inputs => example.Operation.Apply(inputs), ScalarType.Float32).Gradients;
        for (var needed = 1; needed < 16; needed++)
        {
            if (!centers && needed == 8)
            {
                continue;
            }

            Tensor?[]? leaves = null;
            example.Run(
                inputs =>
                {
                    leaves = [.. inputs.Select((input, index) => (needed >> index & 1) == 1 ? input : input?.detach())];
                    return example.Operation.Apply(leaves);
                },
                ScalarType.Float32);
            for (var index = 0; index < 4; index++)
            {
                if (leaves![index] is { requires_grad: true } leaf)
                {
                    Assert.Equal(all[index]!.Values(), leaf.grad!.Values());
                }
            }
        }
    }

    [Fact]
    public void An_output_that_is_not_used_sends_no_gradient()
    {
        using var scope = NewDisposeScope();
        var example = new RowCase(false, ActivationCase.Named("SiLU"), null, true, [4, 21]);
        foreach (var used in new[] { 0, 1 })
        {
            var expected = example.Run(inputs => [example.Formula(inputs)[used]], ScalarType.Float64).Gradients;
            var actual = example.Run(inputs => [example.Operation.Apply(inputs)[used]], ScalarType.Float32).Gradients;
            for (var index = 0; index < 3; index++)
            {
                Assert.Equal(expected[index] is null, actual[index] is null);
                if (expected[index] is { } gradient)
                {
                    Accuracy.Same(gradient, actual[index]!, 1e-5);
                }
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_not_a_number_stays_in_its_row(bool centers)
    {
        using var scope = NewDisposeScope();
        foreach (var (special, width) in VectorWidth.All.SelectMany(
            width => new[] { (float.NaN, width), (float.PositiveInfinity, width), (float.NegativeInfinity, width) }))
        {
            using var vectors = new VectorWidth(width);
            var example = new RowCase(centers, ActivationCase.Named("ReLU"), s_mask, false, [4, 21]);
            var expected = example.Run(inputs => example.Formula(With(inputs)), ScalarType.Float32);
            var actual = example.Run(inputs => example.Operation.Apply(With(inputs)), ScalarType.Float32);
            Accuracy.Same(expected.Outputs[0], actual.Outputs[0], 1e-5);
            var wrong = actual.Gradients[0]!.isfinite().logical_not().any(1);
            Assert.Equal([false, false, true, false], wrong.data<bool>().ToArray());

            Tensor?[] With(Tensor?[] inputs)
            {
                using var noGradient = no_grad();
                inputs[0]![2, 20] = special;
                return inputs;
            }
        }
    }

    [Fact]
    public void A_failure_in_a_chunk_reaches_the_caller()
    {
        using var scope = NewDisposeScope();
        var x = ones(1000, 100);
        Assert.Throws<DivideByZeroException>(() =>
            new RowNormOperation<RootMeanSquare, FailingActivation>(default, null, [100], 1e-5).Apply(x, null, null, null));
    }
}

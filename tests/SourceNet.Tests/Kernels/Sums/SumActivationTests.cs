using SourceNet.Kernels.Masks;
using SourceNet.Tests.Activations;
using SourceNet.Tests.Kernels.Vectors;
using SourceNet.Tests.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Tests.Kernels.Sums;

/// <summary>The kernel of a residual sum and the activation after it, against float64.</summary>
public sealed class SumActivationTests
{
    private static readonly DropoutMask s_mask = new(0x5EED, 0.3);
    private static readonly DropoutMask s_path = new(0xFEED, 0.4);

    /// <summary>One element, primes, sizes around every vector width and around a chunk; samples that lie across chunks.</summary>
    private static readonly long[][] s_shapes =
    [
        [1], [3], [1, 2], [7, 3], [2, 4], [5, 5], [3, 8], [2, 9], [13, 15], [4, 16], [3, 17], [2, 31], [5, 32], [3, 33], [2, 3, 5, 7], [3, 5461], [2, 16384],
        [3, 16411],
    ];

    public static TheoryData<string> Names => [.. ActivationCase.All.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_composition_is_as_precise_as_libtorch(string name)
    {
        foreach (var givesSum in new[] { false, true })
        {
            foreach (var mask in new DropoutMask?[] { null, s_mask })
            {
                foreach (var path in new DropoutMask?[] { null, s_path })
                {
                    new SumCase(ActivationCase.Named(name), mask, path, givesSum, [37, 83]).Check();
                }
            }
        }
    }

    [Theory]
    [InlineData("ReLU")]
    [InlineData("SiLU")]
    public void Every_shape_is_computed_as_precisely(string name)
    {
        foreach (var shape in s_shapes)
        {
            new SumCase(ActivationCase.Named(name), null, null, false, shape).Check();
            new SumCase(ActivationCase.Named(name), s_mask, s_path, true, shape).Check();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradients_of_gradients_are_those_of_the_formula_with_the_same_masks(bool givesSum)
    {
        using var scope = NewDisposeScope();
        var example = new SumCase(ActivationCase.Named("SiLU"), s_mask, s_path, givesSum, [5, 19]);
        var expected = Second(example.Formula, ScalarType.Float64);
        var actual = Second(inputs => example.Operation.Apply(inputs), ScalarType.Float32);
        for (var index = 0; index < expected.Length; index++)
        {
            Accuracy.Same(expected[index], actual[index], 2e-4);
        }

        Tensor[] Second(Func<Tensor?[], Tensor[]> function, ScalarType type)
        {
            var leaves = example.Leaves(type);
            var outputs = function(leaves);
            var loss = outputs
                .Select((output, place) => (output * output * Samples.Normal(7 + place, example.Shape).to(type)).sum())
                .Aggregate((one, other) => one + other);
            var first = autograd.grad([loss], leaves, retain_graph: true, create_graph: true);
            first.Select(gradient => (gradient * gradient).sum()).Aggregate((one, other) => one + other).backward();
            return [.. leaves.Select(leaf => leaf.grad!)];
        }
    }

    [Theory]
    [InlineData("ReLU", false)]
    [InlineData("ReLU", true)]
    [InlineData("GELU", false)]
    [InlineData("GELU", true)]
    public void A_frozen_side_gets_no_gradient_and_the_other_gets_the_same(string name, bool givesSum)
    {
        using var scope = NewDisposeScope();
        foreach (var path in new DropoutMask?[] { null, s_path })
        {
            var example = new SumCase(ActivationCase.Named(name), null, path, givesSum, [9, 21]);
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
    }

    [Fact]
    public void An_output_that_is_not_used_sends_no_gradient()
    {
        using var scope = NewDisposeScope();
        var example = new SumCase(ActivationCase.Named("SiLU"), null, s_path, true, [4, 21]);
        foreach (var used in new[] { 0, 1 })
        {
            var expected = example.Run(inputs => [example.Formula(inputs)[used]], ScalarType.Float64).Gradients;
            var actual = example.Run(inputs => [example.Operation.Apply(inputs)[used]], ScalarType.Float32).Gradients;
            Accuracy.Same(expected[0]!, actual[0]!, 1e-5);
            Accuracy.Same(expected[1]!, actual[1]!, 1e-5);
        }
    }

    [Fact]
    public void What_is_not_a_number_stays_where_it_is()
    {
        using var scope = NewDisposeScope();
        foreach (var (special, width) in VectorWidth.All.SelectMany(width => new[]
        {
            (float.NaN, width),
            (float.PositiveInfinity, width),
            (float.NegativeInfinity, width)
        }))
        {
            using var vectors = new VectorWidth(width);
            var example = new SumCase(ActivationCase.Named("ReLU"), null, null, false, [4, 21]);
            var expected = example.Run(inputs => example.Formula(With(inputs)), ScalarType.Float32);
            var actual = example.Run(inputs => example.Operation.Apply(With(inputs)), ScalarType.Float32);
            Accuracy.Same(expected.Outputs[0], actual.Outputs[0], 1e-6);
            Accuracy.Same(expected.Gradients[0]!, actual.Gradients[0]!, 1e-6);

            Tensor?[] With(Tensor?[] inputs)
            {
                using var noGradient = no_grad();
                inputs[1]![2, 20] = special;
                return inputs;
            }
        }
    }
}

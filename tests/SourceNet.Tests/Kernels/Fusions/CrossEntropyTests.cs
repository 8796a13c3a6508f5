using SourceNet.Kernels.CrossEntropy;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Tests.Kernels.Fusions;

/// <summary>Softmax cross-entropy: the loss and its gradient against libtorch's in double precision.</summary>
public sealed class CrossEntropyTests
{
    private static readonly long[][] s_shapes = [[1, 1], [1, 2], [3, 5], [64, 10], [7, 16], [5, 17], [100, 33], [2, 1000], [3, 5003]];

    public static TheoryData<double, bool, bool> Cases
    {
        get
        {
            TheoryData<double, bool, bool> data = [];
            foreach (var smoothing in new[] { 0, 0.1, 0.9 })
            {
                foreach (var weighted in new[] { false, true })
                {
                    data.Add(smoothing, weighted, false);
                    data.Add(smoothing, weighted, true);
                }
            }

            return data;
        }
    }

    private static void Check(Tensor logits, Tensor targets, Tensor? weight, double smoothing, long ignored = -100) =>
        Comparison.Check(
            inputs => new CrossEntropyOperation(smoothing, ignored).ApplySingle(inputs),
            inputs => nn.functional.cross_entropy(inputs[0]!, inputs[1]!, weight: inputs[2], ignore_index: ignored, label_smoothing: smoothing),
            [logits, targets, weight]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Losses_and_gradients_are_right(double smoothing, bool weighted, bool probabilities)
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        foreach (var shape in s_shapes)
        {
            var logits = (randn(shape) * 3).requires_grad_(true);
            var targets = probabilities ? rand(shape).softmax(1) : randint(shape[1], [shape[0]], ScalarType.Int64);
            Check(logits, targets, weighted ? rand(shape[1]) + 0.1 : null, smoothing);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.2)]
    public void Ignored_places_do_not_count(double smoothing)
    {
        using var scope = NewDisposeScope();
        var logits = randn(12, 7).requires_grad_(true);
        var targets = randint(7, [12], ScalarType.Int64);
        foreach (var ignored in new long[] { -100, 3 })
        {
            targets[2] = ignored;
            targets[11] = ignored;
            Check(logits, targets, null, smoothing, ignored);
            Check(logits, targets, rand(7), smoothing, ignored);
        }
    }

    [Fact]
    public void Where_all_places_are_ignored_the_mean_is_no_number()
    {
        using var loss = new CrossEntropyOperation(0, -100).ApplySingle(randn(3, 4), full([3], -100, ScalarType.Int64), null);
        Assert.True(float.IsNaN(loss.item<float>()));
    }

    [Fact]
    public void Large_logits_neither_overflow_nor_cancel()
    {
        using var scope = NewDisposeScope();
        var targets = tensor([0L, 2, 1]);
        Check(((randn(3, 4) * 10) + 10_000).requires_grad_(true), targets, null, 0.1);
        Check(tensor(new[] { 1e30f, 0, -1e30f, 5, 6, 7, -200, 0, 200 }).reshape(3, 3).requires_grad_(true), targets, null, 0);
    }

    [Fact]
    public void What_is_no_number_or_infinite_is_as_in_libtorch()
    {
        using var scope = NewDisposeScope();
        foreach (var odd in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            var logits = randn(3, 20);
            logits[1, 4] = odd;
            var targets = tensor([0L, 2, 1]);
            var expected = nn.functional.cross_entropy(logits, targets).item<float>();
            var actual = new CrossEntropyOperation(0, -100).ApplySingle(logits, targets, null).item<float>();
            Assert.True(float.IsNaN(expected) ? float.IsNaN(actual) : Math.Abs(expected - actual) < 1e-5, $"{odd}: {expected}, not {actual}");
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(7)]
    [InlineData(long.MinValue)]
    public void A_target_that_is_no_class_is_an_error_that_names_it(long target)
    {
        using var logits = randn(3, 7);
        using var targets = tensor([0L, target, 1]);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Objectives.CrossEntropy(logits, targets));

        Assert.Contains("Target 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("7", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_retained_graph_can_be_walked_again()
    {
        using var scope = NewDisposeScope();
        var logits = randn(6, 5).requires_grad_(true);
        var loss = Objectives.CrossEntropy(logits, randint(5, [6], ScalarType.Int64), 0.1);
        loss.backward(retain_graph: true);
        var once = logits.grad!.clone();
        loss.backward(retain_graph: true);
        loss.backward();

        Assert.True(logits.grad!.allclose(once * 3));
    }

    [Fact]
    public void A_scaled_loss_scales_its_gradient()
    {
        using var scope = NewDisposeScope();
        var logits = randn(6, 5).requires_grad_(true);
        var targets = randint(5, [6], ScalarType.Int64);
        Objectives.CrossEntropy(logits, targets).backward();
        var once = logits.grad!.clone();
        logits.grad!.zero_();
        (Objectives.CrossEntropy(logits, targets) * 2.5).backward();

        Assert.True(logits.grad!.allclose(once * 2.5));
    }

    [Fact]
    public void Weights_and_ignored_places_take_part_in_every_layout()
    {
        using var scope = NewDisposeScope();
        var weight = rand(4) + 0.1;
        var images = randn([2, 4, 3, 3]);
        var targets = randint(4, [2, 3, 3], ScalarType.Int64);
        targets[0, 1, 1] = 9;
        var expected = nn.functional.cross_entropy(images, targets, weight: weight, ignore_index: 9, label_smoothing: 0.1).item<float>();

        Assert.Equal(expected, Objectives.CrossEntropy(images, targets, 0.1, weight, ignoreIndex: 9).item<float>(), 1e-5);
        Assert.Equal(expected, Objectives.SequenceCrossEntropy(images.permute(0, 2, 3, 1), targets, 0.1, weight, ignoreIndex: 9).item<float>(), 1e-5);
        Assert.Throws<ArgumentException>(() => Objectives.CrossEntropy(images, targets, 0.1, rand(5)));
    }
}

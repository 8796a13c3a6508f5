using SourceNet.Kernels.CrossEntropy;
using SourceNet.Tests.Kernels.Vectors;
using SourceNet.Tests.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Tests.Kernels.CrossEntropy;

public class CrossEntropyKernelTests
{
    public enum Targets
    {
        Indices,
        Probabilities,
    }

    public static TheoryData<int, int, Targets, double, bool> Cases
    {
        get
        {
            var cases = new TheoryData<int, int, Targets, double, bool>();
            int[] classes = [1, 2, 3, 5, 8, 10, 15, 16, 17, 31, 33, 49, 1000];
            foreach (var count in classes)
            {
                foreach (var targets in Enum.GetValues<Targets>())
                {
                    cases.Add(13, count, targets, 0, false);
                    cases.Add(13, count, targets, 0.1, false);
                    cases.Add(13, count, targets, 0, true);
                    cases.Add(13, count, targets, 0.1, true);
                }
            }

            cases.Add(1, 10, Targets.Indices, 0.1, false);
            cases.Add(3000, 10, Targets.Indices, 0.1, false);
            cases.Add(5, 32000, Targets.Indices, 0.1, false);
            return cases;
        }
    }

    private static Tensor TargetsOf(Targets kind, int rows, int classes)
    {
        if (kind == Targets.Indices)
        {
            return Samples.Integers(2, classes, rows);
        }

        using var positive = Samples.Normal(5, rows, classes).abs();
        return positive / positive.sum(-1, keepdim: true);
    }

    /// <summary>The loss and its gradient, by a function of logits, targets and weights of one type.</summary>
    private static (Tensor Loss, Tensor Gradient) Run(
        Func<Tensor, Tensor, Tensor?, Tensor> function, Tensor logits, Tensor targets, Tensor? weight, ScalarType type)
    {
        var leaf = logits.to(type).detach().requires_grad_();
        var loss = function(leaf, targets.dtype == ScalarType.Int64 ? targets : targets.to(type), weight?.to(type));
        (loss * 3).backward();
        return (loss.detach(), leaf.grad!);
    }

    private static void Compare(Tensor logits, Tensor targets, Tensor? weight, double smoothing, long ignoreIndex = -100)
    {
        Tensor Torchs(Tensor x, Tensor t, Tensor? w) => nn.functional.cross_entropy(x, t, w, ignoreIndex, label_smoothing: smoothing);
        Tensor Ours(Tensor x, Tensor t, Tensor? w)
        {
            Assert.True(CrossEntropyOperation.Takes(x, t, w));
            return Objectives.CrossEntropy(x, t, smoothing, ignoreIndex, w);
        }

        using var single = logits.to(ScalarType.Float32);
        using var singleTargets = targets.dtype == ScalarType.Int64 ? targets.alias() : targets.to(ScalarType.Float32);
        using var singleWeight = weight?.to(ScalarType.Float32);
        var exact = Run(Torchs, single, singleTargets, singleWeight, ScalarType.Float64);
        var torchs = Run(Torchs, single, singleTargets, singleWeight, ScalarType.Float32);
        foreach (var width in VectorWidth.All)
        {
            using var vectors = new VectorWidth(width);
            var ours = Run(Ours, single, singleTargets, singleWeight, ScalarType.Float32);
            Accuracy.Check(exact.Loss, torchs.Loss, ours.Loss, $"loss, width {width}");
            Accuracy.Check(exact.Gradient, torchs.Gradient, ours.Gradient, $"gradient, width {width}");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Loss_and_gradient_match_float64(int rows, int classes, Targets kind, double smoothing, bool weighted)
    {
        using var scope = NewDisposeScope();
        var logits = Samples.Normal(1, rows, classes) * 4;
        Compare(logits, TargetsOf(kind, rows, classes), weighted ? Samples.Normal(7, classes).abs() : null, smoothing);
    }

    [Theory]
    [InlineData(1e3)]
    [InlineData(-1e5)]
    public void An_offset_of_all_logits_costs_no_precision(double offset)
    {
        using var scope = NewDisposeScope();
        Compare(Samples.Normal(1, 13, 33) + offset, TargetsOf(Targets.Indices, 13, 33), null, 0.1);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0.1, false)]
    [InlineData(0.1, true)]
    public void Ignored_targets_have_no_part(double smoothing, bool weighted)
    {
        using var scope = NewDisposeScope();
        var targets = TargetsOf(Targets.Indices, 37, 5);
        Compare(Samples.Normal(1, 37, 5), targets, weighted ? Samples.Normal(7, 5).abs() : null, smoothing, ignoreIndex: 3);
        using var noneIsThree = targets.where(targets.not_equal(3), tensor(-1L));
        Compare(Samples.Normal(1, 37, 5), noneIsThree, null, smoothing, ignoreIndex: -1);
    }

    [Fact]
    public void Nothing_but_ignored_targets_is_not_a_number_without_a_gradient()
    {
        using var scope = NewDisposeScope();
        var logits = rand(4, 5).requires_grad_();
        var loss = Objectives.CrossEntropy(logits, full([4], 2L, ScalarType.Int64), 0.1, ignoreIndex: 2);
        loss.backward();
        Assert.True(float.IsNaN(loss.item<float>()));
        Assert.All(logits.grad!.Values(), value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    public void Infinities_and_not_a_number_come_out_as_from_libtorch(double smoothing)
    {
        using var scope = NewDisposeScope();
        // The largest numbers only where libtorch does not add them up in float32, and overflows.
        float[] largest = smoothing == 0 ? [float.MaxValue, float.MinValue] : [];
        foreach (var special in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1e-42f }.Concat(largest))
        {
            foreach (var classes in new[] { 3, 16, 35 })
            {
                foreach (var place in new[] { 0, classes - 1 })
                {
                    foreach (var target in new[] { 0, classes - 1 })
                    {
                        var values = Samples.Normal(1, 1, classes).to(ScalarType.Float32);
                        values[0, place] = special;
                        var targets = tensor([(long)target]);
                        Compare(values, targets);
                    }
                }
            }

            using var whole = full([1, 5], special);
            Compare(whole, tensor([1L]));
        }

        void Compare(Tensor logits, Tensor targets)
        {
            var torchs = Run((x, t, w) => nn.functional.cross_entropy(x, t, w, label_smoothing: smoothing), logits, targets, null, ScalarType.Float32);
            var ours = Run((x, t, w) => Objectives.CrossEntropy(x, t, smoothing, weight: w), logits, targets, null, ScalarType.Float32);
            Accuracy.Same(torchs.Loss, ours.Loss, 1e-6);
            Accuracy.Same(torchs.Gradient, ours.Gradient, 1e-6);
        }
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void An_index_that_is_no_class_is_refused(long index)
    {
        using var logits = rand(3, 10).requires_grad_();
        using var targets = tensor([1L, index, 2L]);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Objectives.CrossEntropy(logits, targets));
        Assert.Contains(FormattableString.Invariant($"Target {index}, at 1 of 3"), error.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Objectives.SequenceCrossEntropy(logits, targets, 0.1));
    }

    [Fact]
    public void Weights_and_ignored_indices_that_do_not_fit_are_refused()
    {
        using var logits = rand(3, 4);
        using var indices = zeros(3, ScalarType.Int64);
        Assert.Throws<ArgumentException>(() => Objectives.CrossEntropy(logits, indices, weight: ones(3)));
        Assert.Throws<ArgumentException>(() => Objectives.CrossEntropy(logits, indices, weight: ones(4, 1)));
        Assert.Throws<ArgumentException>(() => Objectives.CrossEntropy(logits, indices, weight: ones(4, ScalarType.Float64)));
        Assert.Throws<ArgumentException>(() => Objectives.CrossEntropy(logits, logits.softmax(1), ignoreIndex: 1));
    }

    [Fact]
    public void The_gradient_is_that_of_finite_differences()
    {
        using var scope = NewDisposeScope();
        var logits = (Samples.Normal(1, 3, 7) * 2).to(ScalarType.Float32).requires_grad_();
        var targets = TargetsOf(Targets.Indices, 3, 7);
        Objectives.CrossEntropy(logits, targets, 0.2).backward();
        var gradient = logits.grad!.Values();
        using var noGradient = no_grad();
        for (var index = 0; index < gradient.Length; index++)
        {
            using var step = zeros(21);
            step[index] = 0.01f;
            using var moved = step.reshape(3, 7);
            var slope = (Objectives.CrossEntropy(logits + moved, targets, 0.2).item<float>() - Objectives.CrossEntropy(logits - moved, targets, 0.2)
                .item<float>()) / 0.02;
            Assert.Equal(slope, gradient[index], 4e-5);
        }
    }

    [Fact]
    public void Gradients_have_gradients()
    {
        using var scope = NewDisposeScope();
        var targets = TargetsOf(Targets.Indices, 3, 7);
        var start = Samples.Normal(1, 3, 7).to(ScalarType.Float32);
        Tensor[] seconds = [.. new[] { ScalarType.Float32, ScalarType.Float64 }.Select(type =>
        {
            var logits = start.to(type).detach().requires_grad_();
            var loss = Objectives.CrossEntropy(logits, targets, 0.2);
            var first = autograd.grad([loss], [logits], create_graph: true, retain_graph: true)[0];
            first.pow(2).sum().backward();
            return logits.grad!;
        })];
        Samples.Close(seconds[1].Values(), seconds[0], 1e-6);
    }

    [Fact]
    public void The_result_does_not_depend_on_the_number_of_threads()
    {
        using var scope = NewDisposeScope();
        var logits = Samples.Normal(1, 700, 37).to(ScalarType.Float32);
        var targets = TargetsOf(Targets.Indices, 700, 37);
        (Tensor Loss, Tensor Gradient)[] results = [.. new[] { 1, 2, 3 }.Select(threads =>
        {
            using var count = new ThreadCount(threads);
            return Run((x, t, w) => Objectives.CrossEntropy(x, t, 0.1), logits, targets, null, ScalarType.Float32);
        })];
        Assert.All(results, result => Assert.Equal(results[0].Loss.Values(), result.Loss.Values()));
        Assert.All(results, result => Assert.Equal(results[0].Gradient.Values(), result.Gradient.Values()));
    }

    [Fact]
    public void A_frozen_model_has_a_loss_without_a_graph()
    {
        using var logits = rand(3, 4);
        using var targets = zeros(3, ScalarType.Int64);
        Assert.False(Objectives.CrossEntropy(logits, targets).requires_grad);
        using var trained = logits.detach().requires_grad_();
        using var noGradient = no_grad();
        Assert.False(Objectives.CrossEntropy(trained, targets).requires_grad);
    }

    [Fact]
    public void A_graph_run_through_twice_adds_the_gradient_twice()
    {
        using var scope = NewDisposeScope();
        var logits = rand(3, 4).requires_grad_();
        var loss = Objectives.CrossEntropy(logits, zeros(3, ScalarType.Int64), 0.1);
        loss.backward(retain_graph: true);
        var once = logits.grad!.Values();
        loss.backward();
        Samples.Close([.. once.Select(value => 2 * value)], logits.grad!, 1e-6);
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(3, 4)]
    public void What_the_kernel_does_not_take_is_composed(int rows, int classes)
    {
        using var scope = NewDisposeScope();
        var logits = rand(classes, rows).t().requires_grad_();
        Assert.False(CrossEntropyOperation.Takes(logits, zeros(rows, ScalarType.Int64), null));
        var expected = nn.functional.cross_entropy(logits, zeros(rows, ScalarType.Int64));
        Accuracy.Same(expected, Objectives.CrossEntropy(logits, zeros(rows, ScalarType.Int64)), 1e-6);
    }
}

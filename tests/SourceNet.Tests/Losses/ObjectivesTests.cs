using SourceNet.Tests.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Tests.Losses;

public class ObjectivesTests
{
    /// <summary>Rows of C logits against rows of C probabilities, from the definition.</summary>
    private static double CrossEntropy(double[] logits, double[] targets, int classes, double smoothing)
    {
        var loss = 0.0;
        for (var row = 0; row < logits.Length / classes; row++)
        {
            var largest = Enumerable.Range(0, classes).Max(c => logits[row * classes + c]);
            var sum = Enumerable.Range(0, classes).Sum(c => Math.Exp(logits[row * classes + c] - largest));
            for (var c = 0; c < classes; c++)
            {
                var target = (1 - smoothing) * targets[row * classes + c] + smoothing / classes;
                loss -= target * (logits[row * classes + c] - largest - Math.Log(sum));
            }
        }

        return loss / (logits.Length / classes);
    }

    private static double[] OneHot(Tensor indices, int classes)
    {
        using var flat = indices.reshape(-1);
        var rows = flat.data<long>().ToArray();
        var values = new double[rows.Length * classes];
        for (var row = 0; row < rows.Length; row++)
        {
            values[row * classes + rows[row]] = 1;
        }

        return values;
    }

    private static Tensor Probabilities(params long[] shape)
    {
        using var positive = Samples.Normal(5, shape).abs();
        return positive / positive.sum(-1, keepdim: true);
    }

    [Theory]
    [InlineData(1, 2, 0)]
    [InlineData(7, 10, 0.1)]
    [InlineData(16, 33, 0.9)]
    public void Cross_entropy_of_indices(int batch, int classes, double smoothing)
    {
        using var logits = Samples.Normal(1, batch, classes) * 5;
        using var targets = Samples.Integers(2, classes, batch);
        var expected = CrossEntropy(logits.Values(), OneHot(targets, classes), classes, smoothing);
        Samples.Close([expected], Objectives.CrossEntropy(logits, targets, smoothing));
    }

    [Theory]
    [InlineData(7, 10, 0)]
    [InlineData(7, 10, 0.2)]
    public void Cross_entropy_of_probabilities(int batch, int classes, double smoothing)
    {
        using var logits = Samples.Normal(1, batch, classes);
        using var targets = Probabilities(batch, classes);
        var expected = CrossEntropy(logits.Values(), targets.Values(), classes, smoothing);
        Samples.Close([expected], Objectives.CrossEntropy(logits, targets, smoothing));
    }

    [Fact]
    public void Cross_entropy_at_each_place_of_an_image()
    {
        using var logits = Samples.Normal(1, 2, 3, 4, 5);
        using var targets = Samples.Integers(2, 3, 2, 4, 5);
        using var classesLast = logits.permute(0, 2, 3, 1);
        var expected = CrossEntropy(classesLast.Values(), OneHot(targets, 3), 3, 0.1);
        Samples.Close([expected], Objectives.CrossEntropy(logits, targets, 0.1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    public void Sequence_cross_entropy_has_the_classes_last(double smoothing)
    {
        using var logits = Samples.Normal(1, 2, 5, 7);
        using var targets = Samples.Integers(2, 7, 2, 5);
        var expected = CrossEntropy(logits.Values(), OneHot(targets, 7), 7, smoothing);
        Samples.Close([expected], Objectives.SequenceCrossEntropy(logits, targets, smoothing));

        using var probabilities = Probabilities(2, 5, 7);
        expected = CrossEntropy(logits.Values(), probabilities.Values(), 7, smoothing);
        Samples.Close([expected], Objectives.SequenceCrossEntropy(logits, probabilities, smoothing));
    }

    [Fact]
    public void Sequence_cross_entropy_takes_logits_that_are_not_contiguous()
    {
        using var logits = Samples.Normal(1, 5, 2, 7);
        using var turned = logits.transpose(0, 1);
        using var targets = Samples.Integers(2, 7, 2, 5);
        var expected = CrossEntropy(turned.Values(), OneHot(targets, 7), 7, 0);
        Samples.Close([expected], Objectives.SequenceCrossEntropy(turned, targets));
    }

    [Fact]
    public void Binary_cross_entropy_from_logits_without_overflow()
    {
        using var logits = Samples.Normal(1, 4, 3) * 10;
        using var targets = rand(4, 3, ScalarType.Float64);
        double[] terms = [.. logits.Values().Zip(targets.Values(), (x, t) => Math.Max(x, 0) - x * t + Math.Log(1 + Math.Exp(-Math.Abs(x))))];
        Samples.Close([terms.Average()], Objectives.BinaryCrossEntropy(logits, targets));

        using var extreme = tensor([1e4, -1e4]);
        Samples.Close([0], Objectives.BinaryCrossEntropy(extreme, tensor([1.0, 0.0])));
    }

    [Fact]
    public void Binary_targets_may_be_bool_or_integer()
    {
        using var logits = Samples.Normal(1, 4);
        using var expected = Objectives.BinaryCrossEntropy(logits, tensor([1.0, 0, 0, 1]));
        Samples.Close(expected.Values(), Objectives.BinaryCrossEntropy(logits, tensor([true, false, false, true])));
        Samples.Close(expected.Values(), Objectives.BinaryCrossEntropy(logits, tensor([1L, 0, 0, 1])));
    }

    [Fact]
    public void Errors_of_values_follow_their_definitions()
    {
        using var predictions = Samples.Normal(1, 5, 3) * 2;
        using var targets = Samples.Normal(2, 5, 3);
        double[] differences = [.. predictions.Values().Zip(targets.Values(), (y, t) => y - t)];
        Samples.Close([differences.Average(d => d * d)], Objectives.MeanSquaredError(predictions, targets));
        Samples.Close([differences.Average(Math.Abs)], Objectives.MeanAbsoluteError(predictions, targets));
        foreach (var delta in new[] { 0.5, 1, 3 })
        {
            var expected = differences.Average(d => Math.Abs(d) <= delta ? d * d / 2 : delta * (Math.Abs(d) - delta / 2));
            Samples.Close([expected], Objectives.Huber(predictions, targets, delta));
        }
    }

    public static TheoryData<string> Names => ["cross-entropy", "smoothed", "probabilities", "sequence", "binary", "squared", "absolute", "huber"];

    private static (Tensor Predictions, Func<Tensor, Tensor> Objective) Of(string name) => name switch
    {
        "cross-entropy" => (Samples.Normal(1, 3, 4), x => Objectives.CrossEntropy(x, Samples.Integers(2, 4, 3))),
        "smoothed" => (Samples.Normal(1, 3, 4), x => Objectives.CrossEntropy(x, Samples.Integers(2, 4, 3), 0.2)),
        "probabilities" => (Samples.Normal(1, 3, 4), x => Objectives.CrossEntropy(x, Probabilities(3, 4), 0.2)),
        "sequence" => (Samples.Normal(1, 2, 3, 4), x => Objectives.SequenceCrossEntropy(x, Samples.Integers(2, 4, 2, 3), 0.1)),
        "binary" => (Samples.Normal(1, 3, 4), x => Objectives.BinaryCrossEntropy(x, Probabilities(3, 4))),
        "squared" => (Samples.Normal(1, 3, 4), x => Objectives.MeanSquaredError(x, Samples.Normal(2, 3, 4))),
        "absolute" => (Samples.Normal(1, 3, 4), x => Objectives.MeanAbsoluteError(x, Samples.Normal(2, 3, 4))),
        "huber" => (Samples.Normal(1, 3, 4), x => Objectives.Huber(x, Samples.Normal(2, 3, 4))),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_match_finite_differences(string name)
    {
        var (predictions, objective) = Of(name);
        using var leaf = predictions.requires_grad_();
        FiniteDifferences.Check(() => objective(leaf), leaf);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_a_scalar_and_leaves_no_tensor_behind(string name)
    {
        var (predictions, objective) = Of(name);
        using (NewDisposeScope())
        using (var loss = objective(predictions))
        {
            Assert.Equal(0, loss.ndim);
        }

        using var logits = Samples.Normal(1, 2, 3, 4);
        using var indices = Samples.Integers(2, 4, 2, 3);
        using var values = Samples.Normal(2, 2, 3, 4);
        LiveTensors.StayFlat(() =>
        {
            Objectives.SequenceCrossEntropy(logits, indices, 0.1).Dispose();
            Objectives.BinaryCrossEntropy(logits, values).Dispose();
            Objectives.MeanSquaredError(logits, values).Dispose();
            Objectives.Huber(logits, values).Dispose();
            Penalties.L2(0.1, [logits, values]).Dispose();
        });
        Assert.False(values.IsInvalid);
    }

    [Fact]
    public void Shapes_that_differ_are_refused_with_both()
    {
        Refused(() => Objectives.CrossEntropy(zeros(4, 3), zeros(5, dtype: ScalarType.Int64)), "[4, 3]", "[4]", "[5]");
        Refused(() => Objectives.CrossEntropy(zeros(4, 3), zeros(4, 1, ScalarType.Int64)), "[4, 1]");
        Refused(() => Objectives.CrossEntropy(zeros(4, 3), zeros(4)), "[4, 3]", "[4]");
        Refused(() => Objectives.CrossEntropy(zeros(3), zeros(1, dtype: ScalarType.Int64)), "[3]");
        Refused(() => Objectives.CrossEntropy(zeros(4, 3), zeros(4, dtype: ScalarType.Int32)), "Int32", "Int64");
        Refused(() => Objectives.SequenceCrossEntropy(zeros(2, 5, 7), zeros(2, 7, ScalarType.Int64)), "[2, 5, 7]", "[2, 5]", "[2, 7]");
        foreach (var objective in new Func<Tensor, Tensor, Tensor>[] { Objectives.BinaryCrossEntropy, Objectives.MeanSquaredError, Objectives.MeanAbsoluteError,
            (y, t) => Objectives.Huber(y, t) })
        {
            Refused(() => objective(zeros(4, 1), zeros(4)), "[4, 1]", "[4]");
        }

        static void Refused(Func<Tensor> objective, params string[] parts)
        {
            var error = Assert.Throws<ArgumentException>(objective);
            Assert.All(parts, part => Assert.Contains(part, error.Message));
        }
    }

    [Fact]
    public void Numbers_outside_of_their_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Objectives.CrossEntropy(zeros(4, 3), zeros(4, dtype: ScalarType.Int64), 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Objectives.SequenceCrossEntropy(zeros(4, 3), zeros(4, dtype: ScalarType.Int64), -0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Objectives.Huber(zeros(4), zeros(4), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Penalties.L2(-1, [zeros(4)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Penalties.L2(double.NaN, [zeros(4)]));
    }
}

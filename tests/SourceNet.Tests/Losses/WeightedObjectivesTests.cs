using SourceNet.CompilerServices;
using SourceNet.Tests.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Tests.Losses;

/// <summary>Weights of classes and samples, what is ignored, and the focal loss.</summary>
public sealed class WeightedObjectivesTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(0, false, -100)]
    [InlineData(0.1, false, 2)]
    [InlineData(0, true, 2)]
    [InlineData(0.3, true, 0)]
    public void Cross_entropy_of_indices_is_that_of_torch(double smoothing, bool weighted, long ignored)
    {
        var logits = Samples.Normal(1, 9, 5) * 3;
        var targets = Samples.Integers(2, 5, 9);
        var weight = weighted ? Samples.Normal(3, 5).abs() : null;
        var expected = nn.functional.cross_entropy(logits, targets, weight, ignored, label_smoothing: smoothing);

        Samples.Close(expected.Values(), Objectives.CrossEntropy(logits, targets, smoothing, ignored, weight));
        // Weights of 1 take the other way, operator by operator.
        Samples.Close(expected.Values(), Objectives.CrossEntropy(logits, targets, smoothing, ignored, weight, sampleWeight: ones(9, ScalarType.Float64)));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0.2, true)]
    public void Cross_entropy_of_probabilities_is_that_of_torch(double smoothing, bool weighted)
    {
        var logits = Samples.Normal(1, 4, 5, 3) * 3;
        var targets = nn.functional.softmax(Samples.Normal(2, 4, 5, 3), 1);
        var weight = weighted ? Samples.Normal(3, 5).abs() : null;
        var expected = nn.functional.cross_entropy(logits, targets, weight, label_smoothing: smoothing);

        Samples.Close(expected.Values(), Objectives.CrossEntropy(logits, targets, smoothing, weight: weight, sampleWeight: ones(4, 3, ScalarType.Float64)));
    }

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(2, 0)]
    [InlineData(2, 0.1)]
    public void Focal_loss_is_its_definition(double gamma, double smoothing)
    {
        const int Ignored = 1;
        var logits = Samples.Normal(1, 8, 4) * 2;
        var targets = Samples.Integers(2, 4, 8);
        double[] weights = [1, 0.5, 2, 3];
        var (sum, divisor) = (0.0, 0.0);
        var (x, y) = (logits.Values(), targets.data<long>().ToArray());
        for (var row = 0; row < 8; row++)
        {
            if (y[row] == Ignored)
            {
                continue;
            }

            var total = Enumerable.Range(0, 4).Sum(c => Math.Exp(x[(row * 4) + c]));
            for (var c = 0; c < 4; c++)
            {
                var p = Math.Exp(x[(row * 4) + c]) / total;
                var target = (c == y[row] ? 1 - smoothing : 0) + (smoothing / 4);
                sum -= weights[c] * target * Math.Pow(1 - p, gamma) * Math.Log(p);
            }

            divisor += weights[y[row]];
        }

        Samples.Close([sum / divisor], Objectives.CrossEntropy(logits, targets, smoothing, Ignored, tensor(weights), gamma), 1e-10);
        Samples.Close(
            [sum / divisor],
            Objectives.SequenceCrossEntropy(logits.view(2, 4, 4), targets.view(2, 4), smoothing, Ignored, tensor(weights), gamma),
            1e-10);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(2)]
    public void The_gradient_of_the_focal_loss_is_its_difference(double gamma)
    {
        var logits = Samples.Normal(1, 3, 4).requires_grad_();
        var targets = Samples.Integers(2, 4, 3);
        Objectives.CrossEntropy(logits, targets, gamma: gamma).backward();
        var gradient = logits.grad!.Values();
        var values = logits.detach().Values();

        for (var place = 0; place < values.Length; place++)
        {
            const double Step = 1e-6;
            Assert.Equal((At(Step) - At(-Step)) / (2 * Step), gradient[place], 1e-6);

            double At(double step)
            {
                var moved = (double[])values.Clone();
                moved[place] += step;
                return Objectives.CrossEntropy(tensor(moved).view(3, 4), targets, gamma: gamma).ToDouble();
            }
        }
    }

    [Fact]
    public void A_prediction_that_is_certain_has_a_finite_gradient()
    {
        var logits = tensor(new[] { 1000f, -1000, 0, -1000, 1000, 0 }).view(2, 3).requires_grad_();

        Objectives.CrossEntropy(logits, tensor(new long[] { 0, 0 }), gamma: 0.5).backward();

        Assert.True(logits.grad!.isfinite().all().item<bool>());
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 0)]
    [InlineData(1, 2)]
    [InlineData(0.5, 1.5)]
    public void Binary_cross_entropy_is_its_definition(double positive, double gamma)
    {
        var logits = Samples.Normal(1, 5, 2) * 3;
        var targets = rand(5, 2, ScalarType.Float64);
        var expected = logits.Values().Zip(targets.Values(), (x, t) =>
        {
            var p = 1 / (1 + Math.Exp(-x));
            return -(positive * t * Math.Pow(1 - p, gamma) * Math.Log(p)) - ((1 - t) * Math.Pow(p, gamma) * Math.Log(1 - p));
        }).Average();

        Samples.Close([expected], Objectives.BinaryCrossEntropy(logits, targets, positive, gamma), 1e-10);
        var torch = nn.functional.binary_cross_entropy_with_logits(logits, targets, pos_weights: tensor(positive, ScalarType.Float64));
        Samples.Close(torch.Values(), Objectives.BinaryCrossEntropy(logits, targets, positive), 1e-10);
    }

    [Theory]
    [InlineData("indices")]
    [InlineData("probabilities")]
    [InlineData("focal")]
    [InlineData("binary")]
    [InlineData("squared")]
    [InlineData("absolute")]
    [InlineData("huber")]
    public void A_sample_of_weight_3_counts_as_three_samples_and_one_of_0_not_at_all(string objective)
    {
        var predictions = Samples.Normal(1, 4, 3) * 2;
        var targets = objective is "indices" or "focal" ? Samples.Integers(2, 3, 4) : nn.functional.softmax(Samples.Normal(2, 4, 3), 1);
        var weights = tensor(new double[] { 1, 3, 0, 2 });
        var repeated = tensor(new long[] { 0, 1, 1, 1, 3, 3 });
        using var watch = new ObjectiveWatch();

        var weighted = Of(predictions, targets, weights);
        var expected = Of(predictions.index_select(0, repeated), targets.index_select(0, repeated), null);

        Samples.Close(expected.Values(), weighted);
        Assert.Equal(watch.Seen[1].Counted, watch.Seen[0].Counted, 1e-9);

        Tensor Of(Tensor predicted, Tensor wanted, Tensor? weight) => objective switch
        {
            "indices" or "probabilities" => Objectives.CrossEntropy(predicted, wanted, 0.1, sampleWeight: weight),
            "focal" => Objectives.CrossEntropy(predicted, wanted, gamma: 2, weight: tensor(new[] { 1.0, 2, 3 }), sampleWeight: weight),
            "binary" => Objectives.BinaryCrossEntropy(predicted, wanted, sampleWeight: weight),
            "squared" => Objectives.MeanSquaredError(predicted, wanted, weight),
            "absolute" => Objectives.MeanAbsoluteError(predicted, wanted, weight),
            _ => Objectives.Huber(predicted, wanted, sampleWeight: weight),
        };
    }

    [Fact]
    public void What_does_not_fit_is_said()
    {
        var (logits, targets) = (rand(4, 3), zeros(4, ScalarType.Int64));

        Assert.Contains("at least 0", Assert.Throws<ArgumentOutOfRangeException>(() => Objectives.CrossEntropy(logits, targets, gamma: -1)).Message);
        Assert.Contains("above 0", Assert.Throws<ArgumentOutOfRangeException>(() => Objectives.BinaryCrossEntropy(logits, logits, positiveWeight: 0)).Message);
        Assert.Contains(
            "Expected weights of samples [4]",
            Assert.Throws<ArgumentException>(() => Objectives.CrossEntropy(logits, targets, sampleWeight: ones(3))).Message);
        Assert.Contains("found -1 for class 1", Assert.Throws<ArgumentException>(() => ClassWeights.Checked([1, -1])).Message);
        Assert.Contains("none above 0", Assert.Throws<ArgumentException>(() => ClassWeights.Checked([0, 0])).Message);
    }
}

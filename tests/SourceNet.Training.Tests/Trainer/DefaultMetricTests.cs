using TorchSharp;
using static SourceNet.ActivationKind;
using static TorchSharp.torch;

namespace SourceNet.Training.Tests.Trainers;

/// <summary>The metric that nobody chose follows the objective, and counts what the objective counts.</summary>
public sealed class DefaultMetricTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.15)]
    public void Of_yes_and_no_it_is_the_share_of_logits_on_the_right_side(double positives)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var inputs = randn(300, 8);
        var limit = inputs.narrow(1, 0, 1).flatten().sort().Values[(long)(300 * (1 - positives))];
        var targets = inputs.narrow(1, 0, 1).gt(limit).to(ScalarType.Float32);
        using var model = new Binary();
        var batches = new TensorBatches(inputs, targets, 50);

        var history = new Trainer(model, new() { Epochs = 40, LearningRate = 0.03 }).Fit(batches, batches);

        var expected = model.call(inputs).gt(0).to(ScalarType.Float32).eq(targets).to(ScalarType.Float64).mean().item<double>();
        Assert.Equal(("accuracy", expected), (history.Metric, history.Final.ValidationMetric));
        Assert.InRange(expected, 0.95, 1);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(3)]
    public void Of_several_labels_it_is_the_mean_over_all_of_them(int samples)
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var inputs = randn(samples, 8);
        using var model = new Labels();
        var targets = model.call(inputs).gt(0).to(ScalarType.Float32);
        targets[0, 0] = 1 - targets[0, 0];

        var measured = Measurement.Of(model, model.Loss, new TensorBatches(inputs, targets, samples), Metric.Default);

        Assert.Equal(1 - (1.0 / (samples * 5)), measured.Metric!.Value, 1e-12);
    }

    [Fact]
    public void Of_values_it_is_the_mean_absolute_error()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using var model = new Values();
        var (inputs, targets) = (randn(21, 8), randn(21, 2));
        var history = new Trainer(model, new() { Epochs = 1 }).Fit(new TensorBatches(inputs, targets, 4));

        Assert.Equal("mean absolute error", history.Metric);
        Assert.Equal(model.call(inputs).sub(targets).abs().mean().ToDouble(), history.Final.TrainMetric!.Value, 1e-6);
    }

    [Fact]
    public void Of_soft_labels_it_is_the_share_of_most_probable_classes()
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        using var model = new Plain();
        var (inputs, targets) = (randn(30, 64), randn(30, 10).softmax(1));
        var history = new Trainer(model, new() { Epochs = 1 }).Fit(new TensorBatches(inputs, targets, 8));

        Assert.Equal(model.call(inputs).argmax(1).eq(targets.argmax(1)).to(ScalarType.Float64).mean().item<double>(), history.Final.TrainMetric!.Value, 1e-12);
    }

    [Fact]
    public void Classes_are_where_the_objective_has_them_though_another_axis_is_as_long()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var outputs = randn(6, 4, 4);
        var targets = outputs.argmax(1);
        using var model = nn.Identity();

        var onAxis1 = Measurement.Of(
            model, (output, target) => Objectives.CrossEntropy(output, target), new TensorBatches(outputs, targets, 2), Metric.Default);
        var onLast = Measurement.Of(
            model, (output, target) => Objectives.SequenceCrossEntropy(output, target), new TensorBatches(outputs, outputs.argmax(-1), 2), Metric.Default);

        Assert.Equal((1.0, 1.0), (onAxis1.Metric, onLast.Metric));
        var error = Assert.Throws<ArgumentException>(
            () => Measurement.Of(
                model, (output, target) => nn.functional.cross_entropy(output, target), new TensorBatches(outputs, targets, 2), Metric.Accuracy));
        Assert.Contains("Metric.ClassAccuracy(1) or Metric.ClassAccuracy(-1)", error.Message);
        var said = Measurement.Of(
            model, (output, target) => nn.functional.cross_entropy(output, target), new TensorBatches(outputs, targets, 2), Metric.ClassAccuracy(1));
        Assert.Equal(1.0, said.Metric);
    }

    /// <summary>Four of ten places are padding, and a batch of padding alone is among them.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(16)]
    public void Ignored_places_count_neither_in_the_loss_nor_in_the_metric_whatever_the_batches_are(int size)
    {
        using var scope = NewDisposeScope();
        manual_seed(6);
        using var model = new Tagger();
        var inputs = randint(0, 12, [16, 10], dtype: ScalarType.Int64);
        var targets = inputs.clone();
        targets.narrow(1, 6, 4).fill_(-100);
        targets[3].fill_(-100);
        using (no_grad())
        {
            // Right at the places that count, by and large.
            model.parameters().Last().zero_();
        }

        var (logits, counts) = (model.call(inputs), targets.ne(-100));
        var loss = nn.functional.cross_entropy(logits.to(ScalarType.Float64).view(-1, 12), targets.view(-1)).item<double>();
        var right = logits.argmax(-1).eq(targets).logical_and(counts).count_nonzero().item<long>() / (double)counts.count_nonzero().item<long>();

        var found = Measurement.Of(model, model.Loss, new TensorBatches(inputs, targets, size), Metric.Default);
        var custom = Measurement.Of(
            model,
            (output, target) => nn.functional.cross_entropy(output.flatten(0, 1), target.flatten()),
            new TensorBatches(inputs, targets, size),
            Metric.Default);

        Assert.Equal(loss, found.Loss, 1e-5);
        Assert.Equal(right, found.Metric!.Value, 1e-12);
        Assert.Equal((found.Loss, found.Metric), (custom.Loss, custom.Metric), new Near());
    }

    [Fact]
    public void A_loss_of_values_that_nobody_knows_has_no_metric()
    {
        using var scope = NewDisposeScope();
        using var model = nn.Linear(4, 1);
        var trainer = new Trainer(
            model, (output, targets) => nn.functional.mse_loss(output, targets), rate => optim.SGD(model.parameters(), rate), new() { Epochs = 1 });

        var history = trainer.Fit(new TensorBatches(randn(8, 4), randn(8, 1), 8));

        Assert.Null(history.Metric);
        Assert.Null(history.Final.TrainMetric);
    }

    [Fact]
    public void A_metric_that_cannot_read_the_targets_says_so_before_anything_is_trained()
    {
        using var scope = NewDisposeScope();
        using var model = new Values();
        var before = model.parameters().First().clone();

        var error = Assert.Throws<ArgumentException>(
            () => new Trainer(model, new() { Metric = Metric.Accuracy }).Fit(new TensorBatches(randn(8, 8), randn(8, 2), 8)));

        Assert.Contains("the objective is MeanSquaredError: set TrainerOptions.Metric", error.Message);
        Assert.True(Bits.AreSame(before, model.parameters().First()));
    }

    private sealed class Near : IEqualityComparer<(double Loss, double? Metric)>
    {
        public bool Equals((double Loss, double? Metric) x, (double Loss, double? Metric) y) =>
            Math.Abs(x.Loss - y.Loss) < 1e-5 && Math.Abs(x.Metric!.Value - y.Metric!.Value) < 1e-12;

        public int GetHashCode((double Loss, double? Metric) obj) => 0;
    }
}

[Model, Input(8), Objective(ObjectiveKind.BinaryCrossEntropy)]
internal sealed partial class Binary
{
    [Linear(16), Activation(ReLU)]
    private partial Tensor Hidden(Tensor x);

    [Linear(1), Output]
    private partial Tensor Logit(Tensor x);
}

[Model, Input(8), Objective(ObjectiveKind.BinaryCrossEntropy)]
internal sealed partial class Labels
{
    [Linear(5), Output]
    private partial Tensor Logits(Tensor x);
}

[Model, Input(8), Objective(ObjectiveKind.MeanSquaredError)]
internal sealed partial class Values
{
    [Linear(2), Output]
    private partial Tensor Value(Tensor x);
}

[Model, Input("T", DType = ScalarType.Int64)]
internal sealed partial class Tagger
{
    [Embedding(12, 16)]
    private partial Tensor Embed(Tensor x);

    [Linear(12), Output]
    private partial Tensor Head(Tensor x);
}

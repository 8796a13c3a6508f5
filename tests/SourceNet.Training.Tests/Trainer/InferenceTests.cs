using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training.Tests.Trainers;

/// <summary>Predictions and measurements leave a model as it is.</summary>
public sealed class InferenceTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Digits _digits = new(train: 64, validation: 32);

    public void Dispose()
    {
        _digits.Dispose();
        _scope.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Predictions_come_in_the_order_of_the_data_in_eval_mode_and_without_gradients(bool shuffle)
    {
        manual_seed(1);
        var model = new Averaged();
        model.train();
        var part = model.modules().First();
        part.eval();
        var inputs = randn(21, 64);
        var modes = model.modules().Select(module => module.training).ToList();
        var source = new TensorBatches(inputs, zeros(21), 4, seed: 3, shuffle: shuffle);
        // What a model makes once and keeps.
        model.Predict(source).Dispose();
        var before = LiveTensors.Count;

        var found = model.Predict(source);

        Assert.Equal(before + 1, LiveTensors.Count);
        Assert.False(found.requires_grad);
        Assert.Equal(modes, model.modules().Select(module => module.training));
        model.eval();
        Assert.True(model.call(inputs).allclose(found, 1e-5, 1e-6));
        Assert.True(model.Predict(inputs, 8).allclose(found, 1e-5, 1e-6));
    }

    [Fact]
    public void Images_that_are_shuffled_are_put_back_too()
    {
        var pixels = Enumerable.Range(0, 12).SelectMany(image => Enumerable.Repeat((byte)(image * 10), 4)).ToArray();
        using var images = new LabeledImages(pixels, new byte[12], new ImageShape(1, 2, 2), 1);
        using var model = nn.Flatten();

        var found = model.Predict(new Batches(images, new Normalize([0], [1]), 5, seed: 2, shuffle: true));

        Assert.Equal(
            Enumerable.Range(0, 12).Select(image => image * 10 / 255f),
            found.select(1, 0).data<float>().ToArray(),
            (one, other) => Math.Abs(one - other) < 1e-6);
    }

    [Fact]
    public void Samples_that_a_shuffling_source_leaves_out_have_no_place()
    {
        var model = new Plain();
        var source = new TensorBatches(randn(9, 64), zeros(9), 4, shuffle: true, dropLast: true);

        Assert.Contains("an output for each of 9 samples, found 8", Assert.Throws<ArgumentException>(() => model.Predict(source)).Message);
    }

    [Fact]
    public void Several_metrics_are_measured_as_a_training_does_and_by_name()
    {
        manual_seed(2);
        var model = new Plain();
        var trainer = new Trainer(model, new() { Epochs = 1, Metrics = [Metric.TopK(3), Metric.F1(Averaging.Macro, perClass: true), Metric.Confusion()] });
        var history = trainer.Fit(_digits.Train, _digits.Validation);

        var measured = trainer.Evaluate(_digits.Validation);
        var own = model.Evaluate(_digits.Validation, Metric.Accuracy, Metric.TopK(3));

        Assert.Equal(["accuracy", "top-3 accuracy", "macro F1", "balanced accuracy"], history.Final.Metrics.Where(one => !one.IsPart).Select(one => one.Name));
        Assert.Equal(10, history.Final.Metrics.Count(one => one.IsPart));
        Assert.Equal(history.Final.ValidationLoss, measured.Loss);
        Assert.All(history.Final.Metrics, one => Assert.Equal(one.Validation, measured[one.Name]));
        Assert.Equal((measured.Metric, measured["top-3 accuracy"]), (own.Metric, own["top-3 accuracy"]));
        Assert.Equal(measured.Metric, measured.Sum<ConfusionMatrix>().Accuracy);
        Assert.Contains("expected one of accuracy, top-3 accuracy", Assert.Throws<KeyNotFoundException>(() => own["F1"]).Message);
        Assert.Throws<InvalidOperationException>(() => own.Sum<ConfusionMatrix>());
    }

    [Fact]
    public void A_default_that_is_given_again_is_measured_once()
    {
        var model = new Plain();
        var history = new Trainer(model, new() { Epochs = 1, Metrics = [Metric.TopK(2), Metric.Accuracy] }).Fit(_digits.Train);

        Assert.Equal(["top-2 accuracy", "accuracy"], history.Final.Metrics.Select(one => one.Name));
        Assert.Equal(("top-2 accuracy", history.Final.Metrics[0].Train), (history.Metric, history.Final.TrainMetric));
    }

    [Fact]
    public void More_ranks_than_classes_are_refused_before_the_first_step()
    {
        var model = new Plain();
        var before = model.parameters().First().clone();

        var error = Assert.Throws<ArgumentException>(() => new Trainer(model, new() { Metrics = [Metric.TopK(11)] }).Fit(_digits.Train));

        Assert.Contains("expected at least 11 classes, found 10", error.Message);
        Assert.True(Bits.AreSame(before, model.parameters().First()));
    }

    [Fact]
    public void Gradient_norms_are_those_before_clipping_and_are_in_the_history_files()
    {
        using var folder = new TemporaryFolder();
        manual_seed(3);
        var model = new Averaged();
        var norms = new GradientNorms();
        List<double> expected = [];
        var watch = new Watcher
        {
            OnGradientsReady = run => expected.Add(Math.Sqrt(
                run.Model.parameters().Sum(parameter => parameter.grad!.to(ScalarType.Float64).square().sum().item<double>()))),
            OnStepEnds = _ => Assert.Equal(expected[^1], norms.Last, 1e-9),
            OnEpochEnds = run => Assert.Contains("no step runs", Assert.Throws<InvalidOperationException>(() => run.Log("x", 1)).Message),
        };

        ITrainingCallback[] callbacks = [norms, watch, new HistoryFile(folder.File("h.csv")), new HistoryFile(folder.File("h.json"))];
        var history = new Trainer(model, new() { Epochs = 2, Callbacks = callbacks }).Fit(_digits.Train);

        var logged = history.Epochs[0].Logged;
        var names = model.CreateOptimizer(1e-3).Groups.Select(group => $"gradient norm of {group.Name}");
        Assert.Equal(names.Prepend("gradient norm"), logged.Select(one => one.Name));
        Assert.Equal(expected[..2].Average(), logged[0].Mean, 1e-9);
        Assert.Equal(expected[..2].Max(), logged[0].Largest, 1e-9);
        Assert.Equal(Math.Pow(history.Epochs[1].Logged[0].Mean, 2) > 0, logged.Skip(1).All(one => one.Mean > 0));
        history.WriteCsv(folder.File("whole.csv"));
        Assert.Equal(File.ReadAllText(folder.File("whole.csv")), File.ReadAllText(folder.File("h.csv")));
        Assert.Equal(history.Epochs, TrainingHistory.ReadJson(folder.File("h.json")).Epochs);
    }
}

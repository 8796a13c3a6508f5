using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Training.Tests.Trainers;

/// <summary>What stops a training, keeps weights and lowers rates watches any number that the training measures.</summary>
public sealed class MonitorTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Early_stopping_takes_the_direction_of_the_metric()
    {
        double?[] numbers = [0.5, 0.7, null, 0.6, 0.9, 0.8];
        var metric = new Scripted("score", MetricDirection.Maximize, numbers);
        var model = Run(metric, new EarlyStopping(2, monitor: "validation score"), 6, out var history);

        // 0.7, then nothing and 0.6: two epochs without improvement.
        Assert.Equal((4, true, 2), (history.Epochs.Count, history.StoppedEarly, history.Final.Epoch));
        Assert.Equal(2, model.weight.item<float>());
    }

    [Fact]
    public void Best_weights_are_put_back_without_stopping_and_a_direction_that_is_said_counts()
    {
        double?[] numbers = [0.5, 0.7, 0.2, 0.6];
        var model = Run(new Scripted("score", null, numbers), new BestWeights(new("train score", MetricDirection.Minimize)), 4, out var history);

        Assert.Equal((4, false, 3), (history.Epochs.Count, history.StoppedEarly, history.Final.Epoch));
        Assert.Equal(3, model.weight.item<float>());
    }

    [Fact]
    public void The_best_model_is_in_the_file()
    {
        var file = _folder.File("best.safetensors");
        Run(new Scripted("score", MetricDirection.Maximize, [0.5, 0.7, 0.2, 0.6]), new BestModelFile(file, "validation score"), 4, out _);

        Assert.Equal(2, Safetensors.Read(file)["weight"].item<float>());
        Assert.Equal(["best.safetensors"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
        Assert.Throws<DirectoryNotFoundException>(
            () => Run(new Scripted("score", MetricDirection.Maximize, [1]), new BestModelFile(Path.Combine(_folder.Path, "none", "x")), 1, out _));
    }

    [Fact]
    public void What_is_not_measured_is_refused_with_what_is()
    {
        var metric = new Scripted("score", null, [1]);
        var unknown = Assert.Throws<ArgumentException>(() => Run(metric, new ReduceOnPlateau(monitor: "val_loss"), 1, out _));
        Assert.Contains(
            "ReduceOnPlateau watches 'val_loss', which this training does not measure: expected one of 'step loss', 'train loss', 'validation loss', "
                + "'train score', 'validation score'.", unknown.Message);
        var undirected = Assert.Throws<ArgumentException>(() => Run(metric, new EarlyStopping(1, monitor: "validation score"), 1, out _));
        Assert.Contains("does not say which way it gets better", undirected.Message);
        var without = Assert.Throws<ArgumentException>(
            () => Run(metric, new BestWeights(), 1, out _, hasValidation: false));
        Assert.Contains("BestWeights watches the validation loss: give validation data", without.Message);
        var alike = Assert.Throws<ArgumentException>(() => Run(metric, new BestWeights(), 1, out _, more: new Scripted("score", null, [1])));
        Assert.Contains("found 2 that are called 'score'", alike.Message);
    }

    [Theory]
    [InlineData("min", "rel", 2, 0)]
    [InlineData("min", "abs", 0, 3)]
    [InlineData("max", "rel", 1, 1)]
    [InlineData("max", "abs", 3, 2)]
    public void Rates_fall_on_a_plateau_as_those_of_TorchSharp(string mode, string thresholdMode, int patience, int cooldown)
    {
        manual_seed(8);
        double Draw(int epoch) => Math.Round(rand(1).item<float>() + (mode == "min" ? 1.0 / (epoch + 1) : epoch * 0.02), 2);
        double?[] numbers = [.. Enumerable.Range(0, 40).Select(epoch => (double?)Draw(epoch))];
        var reference = optim.SGD([new Parameter(ones(1))], 0.1);
        var scheduler = optim.lr_scheduler.ReduceLROnPlateau(
            reference, mode, factor: 0.5, patience: patience, threshold: 0.02, threshold_mode: thresholdMode, cooldown: cooldown, min_lr: [0.1 / 64], eps: 0);
        List<double> expected = [];
        foreach (var number in numbers)
        {
            expected.Add(reference.ParamGroups.First().LearningRate);
            scheduler.step(number!.Value);
        }

        var callback = new ReduceOnPlateau(0.5, patience, "train score", 0.02, thresholdMode == "rel", cooldown, 1.0 / 64);
        Run(new Scripted("score", mode == "min" ? MetricDirection.Minimize : MetricDirection.Maximize, numbers), callback, numbers.Length, out var history);

        Assert.True(expected.Distinct().Count() > 3);
        Assert.Equal(expected, history.Epochs.Select(epoch => epoch.LearningRate));
    }

    [Fact]
    public void Numbers_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReduceOnPlateau(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReduceOnPlateau(patience: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReduceOnPlateau(least: 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Checkpoints("x") { Keep = -1 });
        Assert.Throws<ArgumentException>(() => new HistoryFile("history.txt"));
        Assert.Throws<ArgumentException>(() => new Trainer(new Plain(), new() { CheckpointEverySteps = 5 }));
    }

    /// <summary>A training whose weight is the number of the epoch, and whose metric is what is written.</summary>
    private static Linear Run(
        Scripted metric, ITrainingCallback callback, int epochs, out TrainingHistory history, bool hasValidation = true, IMetric? more = null)
    {
        var model = nn.Linear(1, 1, hasBias: false);
        var number = new Watcher
        {
            OnEpochEnds = _ => metric.Epoch++,
            OnEpochBegins = run =>
            {
                using var noGradient = no_grad();
                model.weight.fill_(run.Epoch);
            },
        };
        var data = new TensorBatches(ones(2, 1), ones(2, 1), 2);
        history = new Trainer(
            model,
            (output, _) => output.sum() * 0,
            rate => optim.SGD(model.parameters(), rate),
            new() { Epochs = epochs, LearningRate = 0.1, Metric = metric, Metrics = more is null ? [] : [more], Callbacks = [number, callback] })
            .Fit(data, hasValidation ? data : null);
        return model;
    }

    private sealed class Scripted(string name, MetricDirection? direction, double?[] numbers) : IMetric, IMetricSum
    {
        public int Epoch { get; set; }

        public string Name => name;

        public MetricDirection? Direction => direction;

        public double? Value => numbers[Epoch];

        public IMetricSum Begin() => this;

        public void Add(MeasuredBatch batch)
        {
        }
    }
}

using SourceNet.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training.Tests.Trainers;

/// <summary>33 samples in batches of 32: the last one has a single sample, and a batch norm no variance.</summary>
public sealed class LastBatchTests
{
    [Fact]
    public void A_declared_model_with_batch_norm_refuses_it_before_the_first_step()
    {
        using var scope = NewDisposeScope();
        using var model = new Normed();
        AssertRefused(model, model.Loss, rate => model.CreateOptimizer(rate), "the input [1, 32] has one");
    }

    [Fact]
    public void Any_module_with_batch_norm_refuses_it_and_the_norm_is_named()
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(("in", nn.Linear(64, 8)), ("norm", nn.BatchNorm1d(8)), ("out", nn.Linear(8, 10)));
        AssertRefused(
            model,
            (output, targets) => nn.functional.cross_entropy(output, targets),
            rate => optim.SGD(model.parameters(), rate),
            "'norm' takes more than one value for each channel");
    }

    [Fact]
    public void The_mean_of_weights_does_not_find_out_at_the_end()
    {
        using var scope = NewDisposeScope();
        using var model = new Swapped();
        AssertRefused(model, model.Loss, rate => model.CreateOptimizer(rate), "has one");
    }

    [Fact]
    public void Without_the_last_batch_or_with_a_frozen_norm_it_trains()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (inputs, labels) = (randn(33, 64), randint(0, 10, [33], dtype: ScalarType.Int64));
        using var model = new Normed();
        var kept = new TensorBatches(inputs, labels, 32, dropLast: true);
        Assert.Equal((1, 32), (kept.Count, kept.SmallestBatch));

        Assert.True(double.IsFinite(new Trainer(model, new() { Epochs = 2 }).Fit(kept).Final.TrainLoss));

        using var frozen = new Normed();
        frozen.modules().OfType<TorchSharp.Modules.BatchNorm1d>().Single().eval();
        Assert.True(double.IsFinite(new Trainer(frozen, new() { Epochs = 2 }).Fit(new TensorBatches(inputs, labels, 32)).Final.TrainLoss));
    }

    [Fact]
    public void A_source_that_does_not_say_its_sizes_is_refused_at_that_step_and_nothing_is_lost()
    {
        using var scope = NewDisposeScope();
        using var model = new Normed();
        var source = new Unsized(new TensorBatches(randn(33, 64), zeros(33, ScalarType.Int64), 32, classes: 10));
        Dictionary<string, Tensor>? before = null;
        var steps = 0;
        var watch = new Watcher
        {
            OnStepEnds = run =>
            {
                steps++;
                before = State.Clone(run.Model);
            },
        };

        Assert.Throws<ArgumentException>(() => new Trainer(model, new() { Callbacks = [watch] }).Fit(source));

        Assert.Equal(1, steps);
        Assert.All(before!, pair => Assert.True(Bits.AreSame(pair.Value, model.state_dict()[pair.Key]), pair.Key));
    }

    [Fact]
    public void A_last_batch_of_the_right_size_is_no_batch_of_one()
    {
        using var scope = NewDisposeScope();
        var images = new LabeledImages(new byte[33 * 4], new byte[33], new ImageShape(1, 2, 2), 2);
        var normalize = new Normalize([0], [1]);
        Assert.Equal(1, new Batches(images, normalize, 32).SmallestBatch);
        Assert.Equal(11, new Batches(images, normalize, 11).SmallestBatch);
        Assert.Equal(32, new Batches(images, normalize, 32, dropLast: true).SmallestBatch);
        Assert.Equal(33, new Batches(images, normalize, 64).SmallestBatch);
        Assert.Throws<ArgumentOutOfRangeException>(() => new TensorBatches(zeros(3, 1), zeros(3), 4, dropLast: true));
    }

    private static void AssertRefused(
        nn.Module<Tensor, Tensor> model, Func<Tensor, Tensor, Tensor> loss, Func<double, optim.Optimizer> optimizer, string message)
    {
        var before = model.state_dict().ToDictionary(pair => pair.Key, pair => pair.Value.clone());
        var source = new TensorBatches(randn(33, 64), zeros(33, ScalarType.Int64), 32, shuffle: true, classes: 10);

        var error = Assert.Throws<ArgumentException>(() => new Trainer(model, loss, optimizer, new() { Epochs = 3 }).Fit(source));

        Assert.Contains(message, error.Message);
        Assert.Contains("dropLast: true", error.Message);
        Assert.All(before, pair => Assert.True(Bits.AreSame(pair.Value, model.state_dict()[pair.Key]), pair.Key));
    }

    private sealed class Unsized(IBatchSource inner) : IBatchSource
    {
        public int Count => inner.Count;

        public int Classes => inner.Classes;

        public IEnumerable<TrainingBatch> Epoch(int epoch) => inner.Epoch(epoch);
    }
}

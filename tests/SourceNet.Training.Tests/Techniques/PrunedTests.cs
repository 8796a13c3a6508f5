using SourceNet.Training.Tests.Trainers;
using TorchSharp;
using static SourceNet.ActivationKind;
using static TorchSharp.torch;

namespace SourceNet.Training.Tests.Techniques;

/// <summary>Declared pruning: the share is exact, the smallest weights go, and further training does not bring them back.</summary>
public sealed partial class PrunedTests : IDisposable
{
    private readonly Digits _digits = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public PrunedTests() => manual_seed(2);

    public void Dispose()
    {
        _scope.Dispose();
        _digits.Dispose();
    }

    [Fact]
    public void The_share_is_0_in_each_measured_epoch_from_the_declared_one_on()
    {
        using var model = new Sparse(0.75);
        List<string> shares = [];
        var watch = new Watcher { OnMeasured = (run, result) => shares.Add($"{Zeros(model, "hidden")} {Zeros(model, "logits")}") };

        var history = new Trainer(model, new() { Epochs = 8, LearningRate = 0.01, Callbacks = [watch] }).Fit(_digits.Train, _digits.Validation);

        // 64 × 32 and 32 × 10 weights.
        Assert.Equal(["0 0", "1536 0", "1536 0", "1536 0", "1536 0", "1536 0", "1536 0", "1536 0"], shares);
        Assert.Equal((1536, 0), (Zeros(model, "hidden"), Zeros(model, "logits")));
        Assert.InRange(history.Final.ValidationMetric!.Value, 0.6, 1);
        Assert.True(history.Final.TrainLoss < history.Epochs[1].TrainLoss);
    }

    [Fact]
    public void The_smallest_weights_go()
    {
        using var model = new Sparse(0.5);
        var weight = model.get_parameter("hidden.linear.weight")!;
        Tensor? before = null;
        List<bool> isSmall = [];
        var watch = new Watcher
        {
            OnEpochEnds = run => before = weight.abs().DetachFromDisposeScope(),
            OnEpochBegins = run =>
            {
                if (run.Epoch == 2)
                {
                    var zeros = weight.eq(0);
                    isSmall.Add(before!.masked_select(zeros).max().ToDouble() <= before!.masked_select(zeros.logical_not()).min().ToDouble());
                }
            },
        };

        new Trainer(model, new() { Epochs = 2, LearningRate = 0.01, Callbacks = [watch] }).Fit(_digits.Train);

        Assert.Equal([true], isSmall);
    }

    [Fact]
    public void Averages_that_remember_the_weights_of_before_are_pruned_too()
    {
        using var model = new Averaged();

        var history = new Trainer(model, new() { Epochs = 4, LearningRate = 0.01 }).Fit(_digits.Train, _digits.Validation);

        Assert.Equal((1024, 160), (Zeros(model, "hidden"), Zeros(model, "logits")));
        Assert.Equal(Measurement.Of(model, model.Loss, _digits.Validation, null).Loss, history.Final.ValidationLoss!.Value, 1e-9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Resumed_it_holds_the_same_weights(int until)
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("training.safetensors");
        using var whole = new Sparse(0.75);
        using var resumed = new Sparse(0.75);
        resumed.load_state_dict(whole.state_dict());
        var options = new TrainerOptions { Epochs = 5, LearningRate = 0.01 };

        new Trainer(whole, options).Fit(_digits.Train);
        using var stop = new CancellationTokenSource();
        var watch = new Watcher
        {
            OnStepEnds = run =>
            {
                if (run.Epoch > until)
                {
                    stop.Cancel();
                }
            },
        };
        Assert.Throws<OperationCanceledException>(() => new Trainer(resumed, options with { Checkpoint = file, Callbacks = [watch] }).Fit(
            _digits.Train,
            cancellation: stop.Token));
        new Trainer(resumed, options with { Checkpoint = file, Resume = true }).Fit(_digits.Train);

        Assert.All(whole.state_dict(), pair => Assert.True(Bits.AreSame(pair.Value, resumed.state_dict()[pair.Key]), pair.Key));
    }

    [Fact]
    public void A_training_that_ends_before_is_refused()
    {
        using var model = new Sparse(0.5);

        var error = Assert.Throws<ArgumentException>(() => new Trainer(model, new() { Epochs = 1 }).Fit(_digits.Train));

        Assert.Contains("Pruned begins with epoch 2, and the training has 1", error.Message);
    }

    [Fact]
    public void Plan_groups_and_summary_say_it()
    {
        using var model = new Sparse(0.5);

        Assert.Contains(Sparse.Plan.Entries, entry =>
            entry is { Where: "hidden.linear.weight", Kind: RegularizationKind.Pruned, Strength: "share, FromEpoch 2", Provenance: Provenance.Explicit });
        Assert.Equal((0.5, 2), model
            .ParameterGroups()
            .Where(group => group.Name == "pruned")
            .Select(group => (group.Regularization.Sparsity, group.Regularization.SparsityFromEpoch))
            .Single());
        Assert.Contains("Pruned(0.5, FromEpoch 2)", model.Summary().ToString());
    }

    private static long Zeros(Model model, string block) => model.get_parameter($"{block}.linear.weight")!.eq(0).sum().item<long>();

    [Model, Input(64)]
    private sealed partial class Sparse(double share)
    {
        [Pruned(nameof(share), FromEpoch = 2), Linear(32), Activation(ReLU)]
        private partial Tensor Hidden(Tensor x);

        [Linear(10), Output]
        private partial Tensor Logits(Tensor x);
    }

    [Model, Input(64), Pruned(0.5, FromEpoch = 3), Ema(0.95)]
    private sealed partial class Averaged
    {
        [Linear(32), Activation(ReLU)]
        private partial Tensor Hidden(Tensor x);

        [Linear(10), Output]
        private partial Tensor Logits(Tensor x);
    }
}

using TorchSharp;
using static SourceNet.ActivationKind;
using static TorchSharp.torch;

namespace SourceNet.Training.Tests.Trainers;

/// <summary>A step over several batches is the step over one batch of all of them, whatever counts in each.</summary>
public sealed partial class AccumulationTests : IDisposable
{
    private const int Samples = 22;
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Tensor _inputs;
    private readonly Tensor _labels;

    public AccumulationTests()
    {
        manual_seed(4);
        _inputs = randn(Samples, 6);
        _labels = randint(0, 4, [Samples], ScalarType.Int64);
        // Batches of 8, 8 and 6, of which 8, 2 and 5 targets count.
        _labels.narrow(0, 8, 6).fill_(-1);
        _labels[21].fill_(-1);
    }

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData("plain")]
    [InlineData("sharp")]
    [InlineData("averaged")]
    public void It_is_the_step_of_one_batch_of_all(string kind)
    {
        var whole = Trained(kind, Samples, 1, out var wholeSteps);
        var parts = Trained(kind, 8, 3, out var steps);
        var small = Trained(kind, 8, 1, out _);

        Assert.Equal((5, 5), (wholeSteps, steps));
        Assert.InRange(Difference(whole, parts), 0, 2e-6);
        Assert.InRange(Difference(whole, small), 1e-3, 10);
    }

    [Fact]
    public void A_batch_of_which_nothing_counts_changes_nothing()
    {
        _labels.narrow(0, 8, 8).fill_(-1);

        var whole = Trained("plain", Samples, 1, out _);
        var parts = Trained("plain", 8, 3, out _);

        Assert.InRange(Difference(whole, parts), 0, 2e-6);
    }

    [Fact]
    public void If_nothing_counts_in_any_of_them_the_step_is_refused()
    {
        _labels.narrow(0, 0, 16).fill_(-1);

        var error = Assert.Throws<NonFiniteLossException>(() => Trained("plain", 4, 2, out _));

        Assert.Contains("every target of the batch is ignored", error.Message);
    }

    [Fact]
    public void The_last_step_of_an_epoch_takes_what_is_left()
    {
        // 6 batches, of 4 and the last one of 2.
        Trained("plain", 4, 4, out var steps);

        Assert.Equal(5 * 2, steps);
    }

    [Fact]
    public void Resumed_between_two_steps_it_ends_with_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("training.safetensors");
        using var uninterrupted = Made("plain");
        using var resumed = Made("plain");
        resumed.load_state_dict(uninterrupted.state_dict());
        var options = new TrainerOptions { Epochs = 2, LearningRate = 0.1, AccumulateBatches = 2, Metric = null };
        new Trainer(uninterrupted, options).Fit(Batches(4));

        using var cancellation = new CancellationTokenSource();
        var stop = new Stop(cancellation, after: 2);
        Assert.Throws<OperationCanceledException>(() =>
            new Trainer(resumed, options with { Checkpoint = file, Callbacks = [stop] }).Fit(Batches(4), cancellation: cancellation.Token));
        new Trainer(resumed, options with { Checkpoint = file, Resume = true }).Fit(Batches(4));

        Assert.All(uninterrupted.state_dict(), pair => Assert.True(Bits.AreSame(pair.Value, resumed.state_dict()[pair.Key])));
        var other = new Trainer(resumed, options with { Checkpoint = file, Resume = true, AccumulateBatches = 3 });
        Assert.Contains("another number of batches for a step", Assert.Throws<CheckpointException>(() => other.Fit(Batches(4))).Message);
    }

    [Fact]
    public void A_number_below_1_is_refused()
    {
        using var model = Made("plain");

        Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer(model, new() { AccumulateBatches = 0 }));
    }

    private TensorBatches Batches(int size) => new(_inputs, _labels, size, classes: 4);

    private Dictionary<string, double[]> Trained(string kind, int size, int accumulate, out long steps)
    {
        using var model = Made(kind);
        var counter = new Counter();
        var options = new TrainerOptions
        {
            Epochs = 5,
            LearningRate = 0.3,
            AccumulateBatches = accumulate,
            Schedule = Schedule.Cosine(),
            Metric = null,
            Callbacks = [counter],
        };
        new Trainer(model, model.Loss, rate => model.CreateSgd(rate, momentum: 0.9), options).Fit(Batches(size));
        steps = counter.Steps;
        return model.state_dict().ToDictionary(pair => pair.Key, pair => pair.Value.to(ScalarType.Float64).data<double>().ToArray());
    }

    private static Model Made(string kind)
    {
        manual_seed(9);
        return kind switch { "sharp" => new Sharp(), "averaged" => new Mean(), _ => new Clipped() };
    }

    private static double Difference(Dictionary<string, double[]> left, Dictionary<string, double[]> right) =>
        left.Max(pair => pair.Value.Zip(right[pair.Key], (one, other) => Math.Abs(one - other)).Max());

    private sealed class Counter : ITrainingCallback
    {
        public long Steps { get; private set; }

        public void StepEnds(TrainingRun run) => Steps++;
    }

    private sealed class Stop(CancellationTokenSource source, int after) : ITrainingCallback
    {
        public void StepEnds(TrainingRun run)
        {
            if (run.Step == after)
            {
                source.Cancel();
            }
        }
    }

    /// <summary>Weighted classes, label smoothing, a penalty and a bound on gradients.</summary>
    [Model, Input(6), Objective(
        ObjectiveKind.CrossEntropy,
        IgnoreIndex = -1,
        ClassWeights = new[] { 1.0, 0.5, 2, 3 }), LabelSmoothing(0.1), L2(0.01), GradientClip(0.5)]
    private sealed partial class Clipped
    {
        [Linear(8), Activation(Tanh)]
        private partial Tensor Hidden(Tensor x);

        [Linear(4), Output]
        private partial Tensor Logits(Tensor x);
    }

    [Model, Input(6), Objective(ObjectiveKind.CrossEntropy, IgnoreIndex = -1, Gamma = 2), Sam(0.1)]
    private sealed partial class Sharp
    {
        [Linear(8), Activation(Tanh)]
        private partial Tensor Hidden(Tensor x);

        [Linear(4), Output]
        private partial Tensor Logits(Tensor x);
    }

    [Model, Input(6), Objective(ObjectiveKind.CrossEntropy, IgnoreIndex = -1), Ema(0.8, WarmUp = false), WeightDecay(0.1)]
    private sealed partial class Mean
    {
        [Linear(8), Activation(Tanh)]
        private partial Tensor Hidden(Tensor x);

        [Linear(4), Output]
        private partial Tensor Logits(Tensor x);
    }
}

using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training.Tests.Trainers;

public sealed class TrainerTests : IDisposable
{
    private readonly Digits _digits = new();

    public void Dispose() => _digits.Dispose();

    [Fact]
    public void It_learns_as_the_model_declares()
    {
        manual_seed(1);
        using var model = new Averaged();

        var options = new TrainerOptions { Epochs = 12, LearningRate = 0.01, Schedule = Schedule.WarmUp(0.1, Schedule.Cosine()) };
        var history = new Trainer(model, options).Fit(_digits.Train, _digits.Validation);

        Assert.Equal(12, history.Epochs.Count);
        Assert.Equal(("Averaged", "accuracy", false), (history.Model, history.Metric, history.StoppedEarly));
        Assert.InRange(history.Final.ValidationMetric!.Value, 0.8, 1);
        Assert.True(history.Final.TrainLoss < history.Epochs[0].TrainLoss);
        Assert.True(history.Epochs[^1].LearningRate < 1e-3);
        Assert.False(model.training);
    }

    [Fact]
    public void What_it_reports_is_measured_in_eval_mode_on_the_weights_that_it_ends_with()
    {
        using var model = new Averaged();

        var history = new Trainer(model, new() { Epochs = 2 }).Fit(_digits.Train, _digits.Validation);

        var seen = Measurement.Of(model, model.Loss, _digits.Train, Metric.Accuracy);
        var unseen = Measurement.Of(model, model.Loss, _digits.Validation, Metric.Accuracy);
        Assert.Equal(
            (seen.Loss, seen.Metric, unseen.Loss, unseen.Metric),
            (history.Final.TrainLoss, history.Final.TrainMetric, history.Final.ValidationLoss, history.Final.ValidationMetric));
    }

    [Fact]
    public void A_measurement_leaves_modes_and_generator_alone()
    {
        using var model = new Plain();
        model.train();
        manual_seed(3);
        var before = rand(1).item<float>();
        manual_seed(3);

        Measurement.Of(model, model.Loss, _digits.Validation, Metric.Accuracy);

        Assert.True(model.training);
        Assert.Equal(before, rand(1).item<float>());
    }

    [Fact]
    public void The_mean_of_weights_takes_their_place_with_statistics_of_its_own()
    {
        manual_seed(1);
        using var model = new Swapped();
        using var last = new Swapped();
        var copy = new CopyAtTheEnd(model, last, epochs: 6);

        var history = new Trainer(model, new() { Epochs = 6, LearningRate = 0.01, Progress = copy }).Fit(_digits.Train, _digits.Validation);

        Assert.False(Bits.AreSame(model.state_dict()["hidden.norm.running_mean"], last.state_dict()["hidden.norm.running_mean"]));
        Assert.False(Bits.AreSame(model.state_dict()["hidden.linear.weight"], last.state_dict()["hidden.linear.weight"]));
        Assert.Equal(Measurement.Of(model, model.Loss, _digits.Validation, null).Loss, history.Final.ValidationLoss);
        Assert.NotEqual(history.Epochs[^1].ValidationLoss, history.Final.ValidationLoss);
    }

    [Fact]
    public void It_stops_early_and_goes_back_to_the_best_weights()
    {
        manual_seed(1);
        using var model = new Stopped();

        // Far too fast: it gets worse soon.
        var history = new Trainer(model, new() { Epochs = 60, LearningRate = 0.1 }).Fit(_digits.Train, _digits.Validation);

        Assert.True(history.StoppedEarly);
        Assert.InRange(history.Epochs.Count, 3, 59);
        Assert.Equal(history.Epochs.MinBy(epoch => epoch.ValidationLoss), history.Final);
        Assert.Equal(history.Epochs.Count - 2, history.Final.Epoch);
        Assert.Equal(history.Final.ValidationLoss, Measurement.Of(model, model.Loss, _digits.Validation, null).Loss);
    }

    [Fact]
    public void Any_module_can_be_trained()
    {
        manual_seed(1);
        using var model = nn.Sequential(nn.Linear(64, 16), nn.ReLU(), nn.Linear(16, 10));
        var trainer = new Trainer(
            model,
            (output, targets) => nn.functional.cross_entropy(output, targets),
            rate => optim.SGD(model.parameters(), rate, momentum: 0.9),
            new() { Epochs = 8, LearningRate = 0.1 });

        Assert.InRange(trainer.Fit(_digits.Train).Final.TrainMetric!.Value, 0.9, 1);
    }

    [Fact]
    public void The_step_of_a_loss_that_is_not_a_number_and_the_culprit_are_named()
    {
        using var model = new Plain();
        using (no_grad())
        {
            model.state_dict()["hidden.linear.weight"][0, 0] = float.NaN;
        }

        var error = Assert.Throws<NonFiniteLossException>(() => new Trainer(model, new()).Fit(_digits.Train));

        Assert.Equal((1, 1L), (error.Epoch, error.Step));
        Assert.Equal("The loss of step 1, in epoch 1, is NaN: 'hidden.linear.weight' is not finite, and was so before the first step: initialize or load it "
            + "anew. The model is as it was given.", error.Message);
    }

    [Fact]
    public void The_first_layer_whose_output_overflows_is_named_and_not_the_norm_after_it()
    {
        using var model = nn.Sequential(("narrow", nn.Linear(64, 8)), ("wide", nn.Linear(8, 8)), ("norm", nn.BatchNorm1d(8)), ("logits", nn.Linear(8, 10)));
        using (no_grad())
        {
            model.state_dict()["narrow.weight"].fill_(1e20);
            model.state_dict()["wide.weight"].fill_(1e30);
        }

        var trainer = new Trainer(model, (output, targets) => nn.functional.cross_entropy(output, targets), rate => optim.SGD(model.parameters(), rate), new());
        var error = Assert.Throws<NonFiniteLossException>(() => trainer.Fit(_digits.Train));

        Assert.Equal("inputs and weights are finite, the output of 'wide' is not: an activation overflows or divides by zero", error.Diagnosis);
    }

    [Fact]
    public void Fused_layers_that_overflow_are_named_by_their_neighbors()
    {
        using var model = new Normed();
        using (no_grad())
        {
            model.state_dict()["hidden.norm.weight"].fill_(3e38);
            model.state_dict()["hidden.norm.bias"].fill_(3e38);
        }

        var error = Assert.Throws<NonFiniteLossException>(() => new Trainer(model, new()).Fit(_digits.Train));

        Assert.Equal("inputs and weights are finite, what lies between 'hidden.linear' and 'logits.linear' is not: an activation overflows or divides by "
            + "zero", error.Diagnosis);
    }

    [Fact]
    public void Inputs_that_are_not_numbers_are_named()
    {
        using var model = new Plain();
        using var inputs = full(4, 64, float.PositiveInfinity);
        using var labels = zeros(4, ScalarType.Int64);

        var error = Assert.Throws<NonFiniteLossException>(() => new Trainer(model, new()).Fit(new TensorBatches(inputs, labels, 4, classes: 10)));

        Assert.Equal("the inputs of the batch are not finite", error.Diagnosis);
    }

    [Fact]
    public void It_ends_after_the_step_in_which_it_is_asked_to()
    {
        using var model = new Plain();
        using var cancellation = new CancellationTokenSource();
        var progress = new Counter { OnStep = step => { if (step == 3) cancellation.Cancel(); } };

        Assert.Throws<OperationCanceledException>(() => new Trainer(model, new() { Progress = progress }).Fit(_digits.Train, cancellation: cancellation.Token));
        Assert.Equal(3, progress.Steps);
    }

    [Fact]
    public void Nothing_is_left_behind()
    {
        using var model = new Averaged();
        var trainer = new Trainer(model, new() { Epochs = 1 });
        trainer.Fit(_digits.Train, _digits.Validation);
        var before = LiveTensors.Count;

        trainer.Fit(_digits.Train, _digits.Validation);

        // A tensor a parameter: TorchSharp makes the gradient's wrapper anew.
        Assert.InRange(LiveTensors.Count - before, 0, 16);
    }

    [Fact]
    public void What_does_not_go_together_is_said()
    {
        using var stopped = new Stopped();
        using var averaged = new Averaged();
        using var inputs = rand(4, 64);
        using var labels = zeros(4, ScalarType.Int64);

        Assert.Contains("give validation data", Assert.Throws<ArgumentException>(() => new Trainer(stopped, new()).Fit(_digits.Train)).Message);
        var unknown = new TensorBatches(inputs, labels, 4);
        Assert.Contains("give the number of classes", Assert.Throws<ArgumentException>(() => new Trainer(averaged, new()).Fit(unknown)).Message);
        var both = new Trainer(stopped, new() { Training = new() { EmaDecay = 0.9, SwaFrom = 0.5 } });
        Assert.Contains("declare one of them", Assert.Throws<ArgumentException>(() => both.Fit(_digits.Train)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer(stopped, new() { Epochs = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer(stopped, new() { LearningRate = double.NaN }));
        Assert.Throws<ArgumentException>(() => new Trainer(stopped, new() { Resume = true }));
    }

    [Fact]
    public void Accuracy_knows_classes_on_the_last_axis_and_on_axis_1()
    {
        using var scope = NewDisposeScope();
        var labels = tensor(new long[] { 0, 1, 1, 0 }).view(2, 2);
        var last = nn.functional.one_hot(labels, 3).to(ScalarType.Float32);

        Assert.Equal(1, Metric.Accuracy.Mean(last, labels));
        Assert.Equal(1, Metric.Accuracy.Mean(last.permute(0, 2, 1).contiguous(), labels));
        Assert.Equal(0.5, Metric.Accuracy.Mean(last, zeros_like(labels)));
    }

    private sealed class Counter : ITrainingProgress
    {
        public int Steps { get; private set; }

        public Action<int> OnStep { get; init; } = _ => { };

        public void Begin(string model, int epochs, int stepsPerEpoch, int epochsDone)
        {
        }

        public void StepDone() => OnStep(++Steps);

        public void EpochDone(EpochResult result, string? metric)
        {
        }
    }

    private sealed class CopyAtTheEnd(Model from, Model to, int epochs) : ITrainingProgress
    {
        public void Begin(string model, int epochs, int stepsPerEpoch, int epochsDone)
        {
        }

        public void StepDone()
        {
        }

        public void EpochDone(EpochResult result, string? metric)
        {
            if (result.Epoch == epochs)
            {
                to.load_state_dict(from.state_dict());
            }
        }
    }
}

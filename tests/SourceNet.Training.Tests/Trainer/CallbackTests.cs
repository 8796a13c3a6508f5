using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Training.Tests.Trainers;

public sealed class CallbackTests : IDisposable
{
    private readonly Digits _digits = new(train: 64, validation: 32);

    public void Dispose() => _digits.Dispose();

    [Fact]
    public void Moments_come_in_their_order_with_their_numbers()
    {
        List<string> moments = [];
        var watch = new Watcher
        {
            OnFitBegins = run => moments.Add($"fit {run.Epoch} {run.Step}"),
            OnEpochBegins = run => moments.Add($"epoch {run.Epoch}"),
            OnStepBegins = run => moments.Add($"step {run.Step}"),
            OnGradientsReady = run => moments.Add($"gradients {run.Model.parameters().All(parameter => parameter.grad is not null)}"),
            OnStepEnds = run => moments.Add($"done {run.Step}"),
            OnMeasured = (run, result) => moments.Add($"measured {result.Epoch} {run.Results.Count}"),
            OnEpochEnds = run => moments.Add($"end {run.Epoch}"),
            OnFitEnds = run => moments.Add($"over {run.Epoch}"),
        };
        using var model = new Plain();

        new Trainer(model, new() { Epochs = 2, Callbacks = [watch] }).Fit(_digits.Train, _digits.Validation);

        Assert.Equal(
            [
                "fit 0 0", "epoch 1", "step 0", "gradients True", "done 1", "step 1", "gradients True", "done 2", "measured 1 1", "end 1",
                "epoch 2", "step 2", "gradients True", "done 3", "step 3", "gradients True", "done 4", "measured 2 2", "end 2", "over 2",
            ],
            moments);
    }

    [Fact]
    public void It_may_stop_and_change_rates()
    {
        using var model = new Plain();
        List<double> rates = [];
        var watch = new Watcher
        {
            OnEpochBegins = run => run.RateFactor = run.Epoch == 2 ? 0.5 : 1,
            OnStepBegins = run => rates.Add(run.Optimizer.ParamGroups.First().LearningRate),
            OnMeasured = (run, result) =>
            {
                if (result.Epoch == 2)
                {
                    run.Stop();
                }
            },
        };

        var history = new Trainer(model, new() { Epochs = 9, LearningRate = 0.01, Callbacks = [watch] }).Fit(_digits.Train);

        Assert.Equal((2, true), (history.Epochs.Count, history.StoppedEarly));
        Assert.Equal([0.01, 0.01, 0.005, 0.005], rates);
    }

    [Fact]
    public void What_it_freezes_stays_and_what_it_thaws_learns()
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(("in", nn.Linear(64, 8)), ("norm", nn.BatchNorm1d(8)), ("out", nn.Linear(8, 10)));
        var (layer, norm) = ((Linear)model.children().First(), (BatchNorm1d)model.children().ElementAt(1));
        List<(bool Weight, bool Mean)> same = [];
        Tensor? weight = null;
        Tensor? mean = null;
        var watch = new Watcher
        {
            OnEpochBegins = run =>
            {
                foreach (var part in new nn.Module[] { layer, norm })
                {
                    (run.Epoch == 1 ? (Action<nn.Module>)run.Freeze : run.Thaw)(part);
                }

                (weight, mean) = (layer.weight.clone().DetachFromDisposeScope(), norm.running_mean!.clone().DetachFromDisposeScope());
            },
            OnEpochEnds = run => same.Add((Bits.AreSame(weight!, layer.weight), Bits.AreSame(mean!, norm.running_mean!))),
        };
        var trainer = new Trainer(
            model,
            (output, targets) => Objectives.CrossEntropy(output, targets),
            rate => new RegularizedAdamW(model.parameters(), rate, weightDecay: 0.1),
            new() { Epochs = 2, Callbacks = [watch] });

        trainer.Fit(_digits.Train);

        Assert.Equal([(true, true), (false, false)], same);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_norm_that_was_frozen_before_stays_frozen_in_every_training(bool comesInEvalMode)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var model = new Normed();
        var norm = model.modules().OfType<BatchNorm1d>().Single();
        norm.running_mean!.fill_(0.5);
        foreach (var parameter in norm.parameters())
        {
            parameter.requires_grad = false;
        }

        ((nn.Module)(comesInEvalMode ? model : norm)).eval();
        for (var training = 0; training < 2; training++)
        {
            var modes = new List<bool>();
            var watch = new Watcher
            {
                OnStepBegins = run =>
                {
                    modes.Add(norm.training);
                    Assert.True(run.Model.training);
                },
            };
            new Trainer(model, new() { Epochs = 2, Callbacks = [watch] }).Fit(_digits.Train);

            Assert.DoesNotContain(true, modes);
            Assert.True(norm.running_mean.eq(0.5).all().item<bool>());
        }
    }

    [Fact]
    public void Best_weights_are_those_of_the_least_loss_and_patience_counts_improvements_that_are_large_enough()
    {
        using var scope = NewDisposeScope();
        double[] losses = [1.00, 0.95, 0.90, 0.94, 0.93];
        using var model = nn.Linear(1, 1);
        var epoch = 0;
        // The loss in eval mode is what is written above.
        var trainer = new Trainer(
            model,
            (output, targets) => model.training ? output.sum() * 0 : (output.detach().sum() * 0) + losses[Math.Min(epoch, losses.Length) - 1],
            rate => optim.SGD(model.parameters(), rate),
            new()
            {
                Epochs = 9,
                Metric = null,
                LeastImprovement = 0.2,
                Training = new() { EarlyStoppingPatience = 4 },
                Callbacks = [new Watcher { OnEpochBegins = run => { epoch = run.Epoch; using var _ = no_grad(); model.weight.fill_(run.Epoch); } }],
            });
        epoch = 1;

        var history = trainer.Fit(new TensorBatches(ones(2, 1), ones(2, 1), 2), new TensorBatches(ones(2, 1), ones(2, 1), 2));

        // The first loss makes patience begin, and none after it is 0.2 below: four epochs more.
        Assert.Equal((5, true, 3), (history.Epochs.Count, history.StoppedEarly, history.Final.Epoch));
        Assert.Equal(3, model.weight.item<float>());
    }

    [Fact]
    public void Pruned_weights_stay_0_whatever_the_optimizer_does()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var model = new Averaged();
        Pruning.Global(model, 0.7);
        var zeros = model.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter.eq(0).detach());
        using var held = new HeldPruning();

        new Trainer(model, new() { Epochs = 3, LearningRate = 0.01, Callbacks = [held] }).Fit(_digits.Train);

        Assert.All(
            model.named_parameters().Where(pair => pair.parameter.ndim >= 2),
            pair => Assert.True(pair.parameter.eq(0).eq(zeros[pair.name]).all().item<bool>(), pair.name));
        var count = Sparsity.Of(model).Total.Weights;
        Assert.InRange(count.Zeros / (double)count.Parameters, 0.69, 0.71);
    }

    [Fact]
    public void Sharpness_aware_steps_draw_one_mask_and_move_running_statistics_once()
    {
        using var scope = NewDisposeScope();
        using var model = new Noted();
        var norm = model.Norm;
        var trainer = new Trainer(
            model,
            (output, targets) => Objectives.CrossEntropy(output, targets),
            rate => optim.SGD(model.parameters(), rate),
            new() { Epochs = 1, Training = new() { SamRho = 0.1 } });

        trainer.Fit(_digits.Train);

        Assert.Equal(2, norm.num_batches_tracked!.ToDouble());
        // Two steps of two passes; the pass before the training was in eval mode.
        Assert.Equal(4, model.Masks.Count);
        Assert.Equal(model.Masks[0], model.Masks[1]);
        Assert.Equal(model.Masks[2], model.Masks[3]);
        Assert.NotEqual(model.Masks[0], model.Masks[2]);
    }

    [Fact]
    public void Tied_weights_come_back_from_the_worst_point()
    {
        using var scope = NewDisposeScope();
        using var embed = nn.Embedding(20, 4);
        using var head = nn.Linear(4, 20, hasBias: false);
        head.weight = embed.weight!;
        var before = head.weight!.clone();
        var sam = new Sam([embed.weight!, head.weight!], 0.5);
        Objectives.CrossEntropy(head.call(embed.call(tensor(new long[] { 1, 2 }))), tensor(new long[] { 3, 4 })).backward();

        sam.FirstStep();
        Assert.Equal(0.5, (head.weight! - before).norm().ToDouble(), 1e-5);
        sam.Restore();

        Assert.True(Bits.AreSame(before, head.weight!));
    }

    private sealed class Noted : nn.Module<Tensor, Tensor>
    {
        private readonly Linear _in = nn.Linear(64, 8);
        private readonly Dropout _dropout = nn.Dropout(0.5);
        private readonly Linear _out = nn.Linear(8, 10);

        public Noted() : base("Noted") => RegisterComponents();

        public BatchNorm1d Norm { get; } = nn.BatchNorm1d(8);

        public List<double[]> Masks { get; } = [];

        public override Tensor forward(Tensor x)
        {
            if (training)
            {
                Masks.Add(Networks.Values(_dropout.call(ones(8))));
            }

            return _out.call(_dropout.call(Norm.call(_in.call(x))));
        }

        protected override void RegisterComponents()
        {
            register_module("in", _in);
            register_module("norm", Norm);
            register_module("dropout", _dropout);
            register_module("out", _out);
        }
    }
}

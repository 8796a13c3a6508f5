using SourceNet.Training.Tests.Trainers;
using TorchSharp;
using static SourceNet.ActivationKind;
using static SourceNet.NormKind;
using static TorchSharp.torch;
using BatchNorm1d = TorchSharp.Modules.BatchNorm1d;
using Linear = TorchSharp.Modules.Linear;
using Parameter = TorchSharp.Modules.Parameter;
using SGD = TorchSharp.Modules.SGD;

namespace SourceNet.Training.Tests.Techniques;

/// <summary>What is declared as frozen or at a learning rate of its own is, in a real training.</summary>
public sealed partial class FrozenTests : IDisposable
{
    private readonly Digits _digits = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public FrozenTests() => manual_seed(2);

    public void Dispose()
    {
        _scope.Dispose();
        _digits.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_frozen_block_keeps_its_bits_and_its_statistics_and_is_not_decayed(bool comesInEvalMode)
    {
        using var model = new Backbone();
        var before = Copy(model);
        if (comesInEvalMode)
        {
            model.eval();
        }

        for (var training = 0; training < 2; training++)
        {
            new Trainer(model, new() { Epochs = 2, LearningRate = 0.01 }).Fit(_digits.Train);
        }

        Assert.Equal(["head.linear.bias", "head.linear.weight"], Changed(model, before));
        Assert.True(Bits.AreSame(before["features.norm.running_mean"], model.state_dict()["features.norm.running_mean"]));
    }

    [Fact]
    public void Any_optimizer_and_any_loop_leave_it_alone()
    {
        using var model = new Backbone();
        var before = Copy(model);
        using var optimizer = optim.AdamW(model.parameters(), 0.01, weight_decay: 0.1);
        model.train();
        foreach (var batch in _digits.Train.Epoch(1))
        {
            optimizer.zero_grad();
            model.Loss(model.call(batch.Inputs), batch.Targets).backward();
            optimizer.step();
        }

        Assert.Equal(["head.linear.bias", "head.linear.weight"], Changed(model, before));
        Assert.True(model.training);
        Assert.False(model.modules().OfType<BatchNorm1d>().Single().training);
    }

    [Fact]
    public void It_stays_frozen_when_the_model_is_converted()
    {
        using var model = new Backbone();

        model.to(ScalarType.Float64);

        Assert.All(model.named_parameters(), pair => Assert.Equal(pair.name.StartsWith("head", StringComparison.Ordinal), pair.parameter.requires_grad));
    }

    [Fact]
    public void Until_its_epoch_it_rests_and_then_it_learns()
    {
        using var model = new Thawed();
        List<string> learned = [];
        var before = Copy(model);
        var watch = new Watcher
        {
            OnEpochEnds = run =>
            {
                learned.Add(string.Join(" ", Changed(model, before)));
                before = Copy(model);
            },
        };

        new Trainer(model, new() { Epochs = 3, LearningRate = 0.01, Callbacks = [watch] }).Fit(_digits.Train);

        Assert.Equal(
            [
                "head.linear.bias head.linear.weight",
                "head.linear.bias head.linear.weight part.bias part.weight",
                "features.linear.weight features.norm.bias features.norm.weight head.linear.bias head.linear.weight part.bias part.weight scale",
            ],
            learned);
        Assert.Equal(
            [
                ("frozen until epoch 3, weights", 1.0), ("frozen until epoch 3, biases, norms and embeddings", 1), ("weights", 1),
                ("biases, norms and embeddings", 1),
                ("frozen until epoch 2, part", 1), ("frozen until epoch 2, part, no decay", 1), ("frozen until epoch 3, scale", 1),
            ],
            model.ParameterGroups().Select(group => (group.Name, group.LearningRateFactor)));
    }

    [Fact]
    public void Resumed_it_thaws_as_if_it_had_never_stopped()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("training.safetensors");
        using var whole = new Thawed();
        using var resumed = new Thawed();
        resumed.load_state_dict(whole.state_dict());
        var options = new TrainerOptions { Epochs = 4, LearningRate = 0.01 };

        new Trainer(whole, options).Fit(_digits.Train);
        new Trainer(resumed, options with { Epochs = 2, Checkpoint = file }).Fit(_digits.Train);
        new Trainer(resumed, options with { Checkpoint = file, Resume = true }).Fit(_digits.Train);

        Assert.All(whole.state_dict(), pair => Assert.True(Bits.AreSame(pair.Value, resumed.state_dict()[pair.Key]), pair.Key));
    }

    [Fact]
    public void What_is_frozen_inside_of_what_thaws_stays_frozen()
    {
        using var model = new Around();
        var before = Copy(model);

        new Trainer(model, new() { Epochs = 3, LearningRate = 0.01 }).Fit(_digits.Train);

        Assert.Equal(["inner.head.linear.bias", "inner.head.linear.weight", "logits.linear.bias", "logits.linear.weight"], Changed(model, before));
    }

    [Fact]
    public void Everything_frozen_is_refused()
    {
        using var model = new AllFrozen();

        Assert.Contains("is frozen", Assert.Throws<InvalidOperationException>(() => new Trainer(model, new()).Fit(_digits.Train)).Message);
    }

    [Fact]
    public void A_factor_multiplies_the_rate_in_every_step()
    {
        using var model = new Slow(0.5);
        var before = Copy(model);
        using var sgd = model.CreateSgd(0.1);
        model.Loss(model.call(rand(4, 64)), zeros(4, ScalarType.Int64)).backward();
        var gradients = model.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter.grad!.clone());

        sgd.step();

        foreach (var (name, parameter) in model.named_parameters())
        {
            var factor = name.StartsWith("features", StringComparison.Ordinal) ? 0.1 : name.StartsWith("part", StringComparison.Ordinal) ? 0.5 : 1;
            var expected = before[name] - (gradients[name] * (0.1 * factor));
            Assert.True(expected.allclose(parameter, 1e-5, 1e-7), name);
        }

        Assert.Equal(
            [
                "learning rate 0.1, weights",
                "learning rate 0.1, biases, norms and embeddings",
                "weights",
                "biases, norms and embeddings",
                "learning rate 0.5, part",
                "learning rate 0.5, part, no decay"
            ],
            model.ParameterGroups().Select(group => group.Name));
    }

    [Fact]
    public void Schedules_multiply_it_and_a_resumed_training_keeps_it()
    {
        using var model = new Slow(0.5);
        List<string> rates = [];
        var watch = new Watcher
        {
            OnEpochEnds = run => rates.Add(string.Join(" ", run.Optimizer.ParamGroups.Select(group => Math.Round(group.LearningRate, 6)
            .ToString(System.Globalization.CultureInfo.InvariantCulture))))
        };
        var options = new TrainerOptions { Epochs = 2, LearningRate = 0.1, Schedule = Schedule.Steps(0.1, [0.5]), Callbacks = [watch] };

        new Trainer(model, options).Fit(_digits.Train);

        Assert.Equal(["0.01 0.01 0.1 0.1 0.05 0.05", "0.001 0.001 0.01 0.01 0.005 0.005"], rates);
    }

    [Fact]
    public void Optimizers_of_others_take_it_from_the_groups()
    {
        using var model = new Slow(0.5);

        using var sgd = optim.SGD(model.ParameterGroups().Select(group => new SGD.ParamGroup(group.Parameters, lr: 0.1 * group.LearningRateFactor)), 0.1);

        Assert.Equal([0.01, 0.01, 0.1, 0.1, 0.05, 0.05], sgd.ParamGroups.Select(group => Math.Round(group.LearningRate, 6)));
    }

    [Fact]
    public void Plan_and_summary_say_it()
    {
        using var model = new Backbone();
        using var slow = new Slow(0.5);

        Assert.Equal(
            [
                "features.dropout Dropout 0.5 Explicit",
                "features.linear Frozen 1 Explicit",
                "features.linear.weight WeightDecay 0 Derived",
                "features.norm Frozen 1 Explicit",
                "features.norm BatchNorm eps 1E-05 Explicit"
            ],
            Backbone.Plan.Entries.Where(entry => entry.Where.StartsWith("features", StringComparison.Ordinal))
                .Select(entry => $"{entry.Where} {entry.Kind} {entry.Strength} {entry.Provenance}")
                .OrderBy(text => text.Split(' ')[0], StringComparer.Ordinal)
                .ThenBy(text => text.Contains("BatchNorm")));
        Assert.Contains("Frozen", model.Summary().ToString());
        Assert.Contains("LearningRate(0.5)", slow.Summary().ToString());
        Assert.Equal(650, model.Summary().Trainable);
    }

    private static Dictionary<string, Tensor> Copy(Model model) =>
        model.state_dict().ToDictionary(pair => pair.Key, pair => pair.Value.clone().DetachFromDisposeScope());

    private static IEnumerable<string> Changed(Model model, Dictionary<string, Tensor> before) =>
        model.named_parameters().Where(pair => !Bits.AreSame(before[pair.name], pair.parameter)).Select(pair => pair.name).Order(StringComparer.Ordinal);

    [Model, Input(64), WeightDecay(0.1)]
    private sealed partial class Backbone
    {
        [Frozen, Linear(64), Norm(Batch), Activation(ReLU), Dropout(0.5)]
        private partial Tensor Features(Tensor x);

        [Linear(10), Output]
        private partial Tensor Head(Tensor x);
    }

    [Model, Input(64)]
    private sealed partial class Thawed
    {
        [Frozen(UntilEpoch = 2)]
        private readonly Linear part = nn.Linear(16, 16);

        [Frozen(UntilEpoch = 3)]
        private Parameter scale = new(ones(16));

        [Frozen(UntilEpoch = 3), Linear(16), Norm(Batch), Activation(ReLU)]
        private partial Tensor Features(Tensor x);

        [Input(16), Linear(10), Output]
        private partial Tensor Head(Tensor x);

        public override Tensor forward(Tensor input) => Head(part.call(Features(input)) * scale);
    }

    [Model, Input(64), Frozen]
    private sealed partial class Inner
    {
        [Linear(16), Norm(Batch), Activation(ReLU)]
        private partial Tensor Features(Tensor x);

        [Frozen(false), Linear(16), Activation(ReLU)]
        private partial Tensor Head(Tensor x);
    }

    [Model, Input(64)]
    private sealed partial class Around
    {
        [Frozen(UntilEpoch = 2)]
        private readonly Inner inner = new();

        [Input(16), Linear(10), Output]
        private partial Tensor Logits(Tensor x);

        public override Tensor forward(Tensor input) => Logits(inner.call(input));
    }

    [Model, Input(64), Frozen]
    private sealed partial class AllFrozen
    {
        [Linear(10), Output]
        private partial Tensor Logits(Tensor x);
    }

    [Model, Input(64)]
    private sealed partial class Slow(double factor)
    {
        [LearningRate(nameof(factor))]
        private readonly Linear part = nn.Linear(16, 16);

        [LearningRate(0.1), Linear(16), Activation(Tanh)]
        private partial Tensor Features(Tensor x);

        [Input(16), Linear(10), Output]
        private partial Tensor Head(Tensor x);

        public override Tensor forward(Tensor input) => Head(part.call(Features(input)));
    }
}

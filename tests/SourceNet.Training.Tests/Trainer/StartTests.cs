using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training.Tests.Trainers;

/// <summary>What cannot work is said before the first step.</summary>
public sealed class StartTests : IDisposable
{
    private readonly Digits _digits = new(train: 64, validation: 32);
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _digits.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Sources_that_do_not_have_the_batches_they_say_are_told()
    {
        using var model = new Plain();
        Assert.Equal("train", Assert.Throws<ArgumentException>(() => Fit(model, new Counted(_digits.Train, 0))).ParamName);
        Assert.Contains("found none", Assert.Throws<ArgumentException>(() => Fit(model, new Counted(_digits.Train, 2, batches: 0))).Message);
        var more = Assert.Throws<ArgumentException>(() => Fit(model, new Counted(_digits.Train, 1)));
        Assert.Contains("Expected 1 batches, as the source's Count says, found more", more.Message);
        var fewer = Assert.Throws<ArgumentException>(() => Fit(model, new Counted(_digits.Train, 3)));
        Assert.Contains("Expected 3 batches, as the source's Count says, found 2", fewer.Message);
        var unseen = new Counted(_digits.Train, 2, batches: 0);
        Assert.Contains("no batch", Assert.Throws<ArgumentException>(() => new Trainer(model, new()).Fit(_digits.Train, unseen)).Message);
    }

    [Fact]
    public void A_training_that_cannot_learn_is_told()
    {
        using var model = new Plain();
        using (no_grad())
        {
            Assert.Contains("no_grad()", Assert.Throws<InvalidOperationException>(() => Fit(model, _digits.Train)).Message);
        }

        using (inference_mode())
        {
            Assert.Throws<InvalidOperationException>(() => Fit(model, _digits.Train));
        }

        foreach (var parameter in model.parameters())
        {
            parameter.requires_grad = false;
        }

        Assert.Contains("is frozen", Assert.Throws<InvalidOperationException>(() => Fit(model, _digits.Train)).Message);
    }

    [Fact]
    public void Numbers_out_of_their_range_are_told()
    {
        using var model = new Plain();
        Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer(model, new() { Training = new() { EarlyStoppingPatience = 0 } }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EarlyStopping(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer(model, new() { LeastImprovement = double.NaN }));
        var late = new Trainer(model, new() { Epochs = 2, Training = new() { SwaFrom = 5 } });
        Assert.Contains("there is none left", Assert.Throws<ArgumentException>(() => late.Fit(_digits.Train)).Message);
    }

    [Fact]
    public void A_folder_that_is_missing_is_told_before_the_first_epoch_and_what_a_kill_left_goes()
    {
        using var model = new Plain();
        var steps = 0;
        var watch = new Watcher { OnStepEnds = _ => steps++ };
        Assert.Throws<DirectoryNotFoundException>(
            () => new Trainer(model, new() { Checkpoint = _folder.File("none/training.safetensors"), Callbacks = [watch] }).Fit(_digits.Train));
        Assert.Equal(0, steps);

        var file = _folder.File("training.safetensors");
        _folder.Write($".training.safetensors.{Guid.NewGuid():N}.tmp", [1]);
        _folder.Write($"training.safetensors.{Guid.NewGuid():N}.partial", [1]);
        _folder.Write("training.safetensors.mine", [1]);
        new Trainer(model, new() { Epochs = 1, Checkpoint = file }).Fit(_digits.Train);

        Assert.Equal(["training.safetensors", "training.safetensors.mine"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void An_optimizer_that_would_step_a_tied_weight_twice_is_told()
    {
        using var embed = nn.Embedding(10, 4);
        using var head = nn.Linear(4, 10, hasBias: false);
        head.weight = embed.weight!;
        using var model = nn.Sequential(("embed", embed), ("head", head));
        using var inputs = zeros(4, ScalarType.Int64);
        var source = new TensorBatches(inputs, inputs, 4, classes: 10);

        Trainer By(Func<double, optim.Optimizer> create) =>
            new(model, (output, targets) => Objectives.CrossEntropy(output, targets), create, new() { Epochs = 1 });

        var error = Assert.Throws<ArgumentException>(() => By(rate => optim.AdamW(model.parameters(), rate)).Fit(source));
        Assert.Contains("Distinct(SameMemory.Comparer)", error.Message);
        By(rate => new RegularizedAdamW(model.parameters(), rate)).Fit(source);
    }

    private static void Fit(Model model, IBatchSource source) => new Trainer(model, new() { Epochs = 2 }).Fit(source);

    private sealed class Counted(IBatchSource inner, int count, int batches = int.MaxValue) : IBatchSource
    {
        public int Count => count;

        public int Classes => inner.Classes;

        public IEnumerable<TrainingBatch> Epoch(int epoch) => inner.Epoch(epoch).Take(batches);
    }
}

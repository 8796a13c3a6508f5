using System.Diagnostics;
using SourceNet.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training.Tests.Trainers;

/// <summary>A training ends with the same bits, whatever interrupts it.</summary>
public sealed class ResumeTests : IDisposable
{
    private const string WriterVariable = "SOURCENET_TEST_CHECKPOINT";

    private readonly Digits _digits = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _digits.Dispose();
        _folder.Dispose();
    }

    public static TheoryData<string> Kinds => ["averaged", "swapped", "stopped", "sgd"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void It_ends_with_the_same_bits(string kind)
    {
        using var whole = Make(kind);
        var expected = Fit(whole, kind, 6, checkpoint: null, CancellationToken.None);
        var file = _folder.File("training.safetensors");
        using (var begun = Make(kind))
        using (var cancellation = new CancellationTokenSource())
        {
            // In the middle of the fourth epoch.
            Assert.Throws<OperationCanceledException>(() => Fit(begun, kind, 6, file, cancellation.Token, new CancelAt(29, cancellation)));
        }

        using var resumed = Make(kind);
        manual_seed(99);
        var actual = Fit(resumed, kind, 6, file, CancellationToken.None);

        Assert.Equal(expected.Epochs.Select(WithoutTime), actual.Epochs.Select(WithoutTime));
        Assert.Equal(WithoutTime(expected.Final), WithoutTime(actual.Final));
        foreach (var (name, value) in whole.state_dict())
        {
            Assert.True(Bits.AreSame(value, resumed.state_dict()[name]), name);
        }
    }

    /// <summary>Interrupted at a step in the middle of an epoch, or saved there by number of steps, between what is watched and what is logged.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(13)]
    [InlineData(16)]
    [InlineData(29)]
    public void What_is_watched_and_logged_goes_on_with_the_same_bits(int step)
    {
        using var scope = NewDisposeScope();
        var expected = FitWatched(_folder.File("whole.safetensors"), "whole best.safetensors", -1, out var whole);
        var file = _folder.File("training.safetensors");
        Assert.Throws<OperationCanceledException>(() => FitWatched(file, "best.safetensors", step, out _));

        var actual = FitWatched(file, "best.safetensors", -1, out var resumed);

        Assert.Equal(expected.Epochs.Select(WithoutTime), actual.Epochs.Select(WithoutTime));
        Assert.Equal(WithoutTime(expected.Final), WithoutTime(actual.Final));
        Assert.True(expected.Epochs.Select(epoch => epoch.LearningRate).Distinct().Count() > 1);
        Assert.All(whole.state_dict(), pair => Assert.True(Bits.AreSame(pair.Value, resumed.state_dict()[pair.Key]), pair.Key));
        Assert.Equal(File.ReadAllBytes(_folder.File("whole best.safetensors")), File.ReadAllBytes(_folder.File("best.safetensors")));
    }

    /// <summary>What a killed process leaves is the checkpoint of the last tenth step.</summary>
    [Fact]
    public void A_training_goes_on_from_a_checkpoint_of_a_step_and_the_newest_are_kept()
    {
        using var scope = NewDisposeScope();
        TrainingHistory Run(string file, int failAt, out Model model, int saveEvery)
        {
            model = Make("plain");
            var fail = new Watcher
            {
                OnStepBegins = run =>
                {
                    if (run.Step == failAt)
                    {
                        throw new InvalidOperationException("killed");
                    }
                },
            };
            var options = new TrainerOptions
            {
                Epochs = 4,
                LearningRate = 0.01,
                Checkpoint = file,
                CheckpointEvery = 100,
                CheckpointEverySteps = saveEvery,
                KeepCheckpoints = 2,
                Resume = true,
                Callbacks = [new GradientNorms(), fail],
            };
            return new Trainer(model, options).Fit(_digits.Train, _digits.Validation);
        }

        var expected = Run(_folder.File("whole.safetensors"), -1, out var whole, 1000);
        var file = _folder.File("training.safetensors");
        Assert.Throws<InvalidOperationException>(() => Run(file, 25, out _, 5));
        Assert.Equal(
            ["training.safetensors", "training.step-20.safetensors", "training.step-25.safetensors"],
            Directory.GetFiles(_folder.Path, "training*").Select(Path.GetFileName).Order(StringComparer.Ordinal));
        File.Copy(_folder.File("training.step-20.safetensors"), file, overwrite: true);

        var actual = Run(file, -1, out var resumed, 1000);

        Assert.Equal(expected.Epochs.Select(WithoutTime), actual.Epochs.Select(WithoutTime));
        Assert.All(whole.state_dict(), pair => Assert.True(Bits.AreSame(pair.Value, resumed.state_dict()[pair.Key]), pair.Key));
    }

    private TrainingHistory FitWatched(string file, string bestFile, int cancelAt, out Model model)
    {
        model = Make("plain");
        using var cancellation = new CancellationTokenSource();
        using var best = new BestWeights("validation macro AUC");
        var options = new TrainerOptions
        {
            Epochs = 5,
            LearningRate = 0.02,
            Checkpoint = file,
            Resume = true,
            Progress = new CancelAt(cancelAt, cancellation),
            Metrics = [Metric.Auc(Averaging.Macro), Metric.F1(Averaging.Macro, perClass: true), Metric.Perplexity()],
            // A threshold that nothing reaches: the rate falls.
            Callbacks =
            [
                best,
                new ReduceOnPlateau(0.5, 0, "validation macro F1", 9, cooldown: 1),
                new BestModelFile(_folder.File(bestFile), "validation perplexity"),
                new GradientNorms(),
            ],
        };
        return new Trainer(model, options).Fit(_digits.Train, _digits.Validation, cancellation: cancellation.Token);
    }

    public static TheoryData<string> Optimizers =>
    [
        "momentum", "rmsprop", "rmsprop centered", "adam", "adagrad",
        nameof(RegularizedLion), nameof(RegularizedNAdam), nameof(RegularizedRmsProp), nameof(RegularizedLamb), nameof(RegularizedAdafactor),
    ];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void With_other_optimizers_and_those_of_TorchSharp_too(string kind)
    {
        using var scope = NewDisposeScope();
        var file = _folder.File("training.safetensors");
        var whole = Make("plain");
        FitBy(whole, kind, 4, checkpoint: null);
        FitBy(Make("plain"), kind, 2, file);
        var resumed = Make("plain");

        FitBy(resumed, kind, 4, file);

        Assert.All(whole.state_dict(), pair => Assert.True(Bits.AreSame(pair.Value, resumed.state_dict()[pair.Key]), pair.Key));
    }

    [Fact]
    public void Another_optimizer_and_other_data_with_as_many_batches_are_refused()
    {
        using var scope = NewDisposeScope();
        var file = _folder.File("training.safetensors");
        FitBy(Make("plain"), "momentum", 1, file);

        var ofAnother = Assert.Throws<CheckpointException>(() => FitBy(Make("plain"), "adam", 2, file));
        Assert.Contains("expected a training by the optimizer Adam, found one of SGD", ofAnother.Message);
        Assert.Contains("does not fit this training", Assert.Throws<CheckpointException>(() => FitBy(Make("plain"), "plain sgd", 2, file)).Message);
        var other = new TensorBatches(randn(256, 64), randint(0, 10, [256], dtype: ScalarType.Int64), 32, classes: 10);
        Assert.Equal(_digits.Train.Count, other.Count);
        var ofOtherData = Assert.Throws<CheckpointException>(() => FitBy(Make("plain"), "momentum", 2, file, other));
        Assert.Contains("it had other data, another order or other batches", ofOtherData.Message);
        using var shuffledOtherwise = new Digits(seed: 6);
        Assert.Throws<CheckpointException>(() => FitBy(Make("plain"), "momentum", 2, file, shuffledOtherwise.Train));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(11)]
    [InlineData(16)]
    public void A_cancelled_training_is_saved_and_goes_on_from_its_step(int step)
    {
        using var scope = NewDisposeScope();
        var whole = Make("averaged");
        var expected = Fit(whole, "averaged", 3, checkpoint: null, CancellationToken.None);
        var file = _folder.File("training.safetensors");
        using var cancellation = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Fit(Make("averaged"), "averaged", 3, file, cancellation.Token, new CancelAt(step, cancellation)));
        var resumed = Make("averaged");
        var steps = new CancelAt(-1, cancellation);

        var actual = Fit(resumed, "averaged", 3, file, CancellationToken.None, steps);

        Assert.Equal((3 * _digits.Train.Count) - step, steps.Steps);
        Assert.Equal(expected.Epochs.Select(WithoutTime), actual.Epochs.Select(WithoutTime));
        Assert.All(whole.state_dict(), pair => Assert.True(Bits.AreSame(pair.Value, resumed.state_dict()[pair.Key]), pair.Key));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_busy_garbage_collector_changes_nothing(string kind)
    {
        using var calm = Make(kind);
        var expected = Fit(calm, kind, 4, checkpoint: null, CancellationToken.None);
        using var model = Make(kind);
        TrainingHistory actual;
        using (new BusyCollector())
        {
            actual = Fit(model, kind, 4, _folder.File("training.safetensors"), CancellationToken.None);
        }

        Assert.Equal(expected.Epochs.Select(WithoutTime), actual.Epochs.Select(WithoutTime));
        foreach (var (name, value) in calm.state_dict())
        {
            Assert.True(Bits.AreSame(value, model.state_dict()[name]), name);
        }
    }

    [Fact]
    public void A_finished_training_is_not_trained_again()
    {
        var file = _folder.File("training.safetensors");
        using var model = Make("averaged");
        var first = Fit(model, "averaged", 2, file, CancellationToken.None);
        using var other = Make("averaged");

        var second = Fit(other, "averaged", 2, file, CancellationToken.None);

        Assert.Equal(first.Final, second.Final);
        Assert.True(Bits.AreSame(model.state_dict()["hidden.linear.weight"], other.state_dict()["hidden.linear.weight"]));
    }

    [Fact]
    public async Task A_process_that_is_killed_while_it_writes_leaves_a_whole_checkpoint()
    {
        var file = _folder.File("training.safetensors");
        for (var attempt = 0; attempt < 3; attempt++)
        {
            string[] arguments =
            [
                "vstest",
                typeof(ResumeTests).Assembly.Location,
                $"--TestCaseFilter:FullyQualifiedName~{nameof(Writes_checkpoints_until_it_is_killed)}",
            ];
            var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true };
            start.Environment[WriterVariable] = file;
            using var process = Process.Start(start)!;
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            var written = 0;
            var last = DateTime.MinValue;
            while (written < 3 + attempt)
            {
                await Task.Delay(1, patience.Token);
                var now = File.GetLastWriteTimeUtc(file);
                written += now != last && File.Exists(file) ? 1 : 0;
                last = now;
            }

            await Task.Delay(attempt * 2, patience.Token);
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(patience.Token);

            using var model = Make("averaged");
            var history = Fit(model, "averaged", 1, file, CancellationToken.None);
            Assert.NotEmpty(history.Epochs);
        }
    }

    /// <summary>Runs in the process of the test before, and does nothing in an ordinary run.</summary>
    [Fact]
    public void Writes_checkpoints_until_it_is_killed()
    {
        if (Environment.GetEnvironmentVariable(WriterVariable) is { } file)
        {
            using var model = Make("averaged");
            Fit(model, "averaged", 100_000, file, CancellationToken.None);
        }
    }

    [Fact]
    public void A_damaged_checkpoint_leaves_the_model_as_it_is()
    {
        var file = _folder.File("training.safetensors");
        using var model = Make("averaged");
        Fit(model, "averaged", 1, file, CancellationToken.None);
        var bytes = File.ReadAllBytes(file);

        foreach (var length in new[] { 0, 7, 100, bytes.Length / 2, bytes.Length - 1 })
        {
            File.WriteAllBytes(file, bytes[..length]);
            AssertRefused(file, "is damaged", Make("averaged"), "averaged");
        }
    }

    [Fact]
    public void A_checkpoint_in_which_one_bit_has_changed_leaves_the_model_as_it_is()
    {
        var file = _folder.File("training.safetensors");
        using var model = Make("averaged");
        Fit(model, "averaged", 1, file, CancellationToken.None);
        var bytes = File.ReadAllBytes(file);

        foreach (var place in new[] { bytes.Length / 2, bytes.Length * 3 / 4, bytes.Length - 1 })
        {
            byte[] changed = [.. bytes];
            changed[place] ^= 1;
            File.WriteAllBytes(file, changed);
            AssertRefused(file, "is damaged: expected the SHA-256", Make("averaged"), "averaged");
        }
    }

    [Fact]
    public void A_generator_state_of_another_size_leaves_the_model_as_it_is()
    {
        var file = _folder.File("training.safetensors");
        using var model = Make("averaged");
        Fit(model, "averaged", 1, file, CancellationToken.None);
        using (var scope = NewDisposeScope())
        {
            var tensors = Safetensors.Read(file);
            tensors["generator"] = tensors["generator"][..8].clone();
            var metadata = Safetensors.ReadMetadata(file);
            Safetensors.Write(file, tensors, new Dictionary<string, string>(metadata) { ["sha256"] = Checksum.Of(metadata["counters"], tensors) });
        }

        AssertRefused(file, "'generator': expected Byte [5056], found Byte [8]", Make("averaged"), "averaged");
    }

    [Fact]
    public void A_checkpoint_of_another_training_is_refused()
    {
        var file = _folder.File("training.safetensors");
        using var model = Make("averaged");
        Fit(model, "averaged", 1, file, CancellationToken.None);

        AssertRefused(file, "expected a training of Swapped, found one of Averaged", Make("swapped"), "swapped");
        using (var fewer = new Digits(train: 128))
        {
            using var other = Make("averaged");
            var error = Assert.Throws<CheckpointException>(() => Fit(other, "averaged", 2, file, CancellationToken.None, digits: fewer));
            Assert.Contains($"expected a training of {fewer.Train.Count} steps an epoch, found one of {_digits.Train.Count}", error.Message);
        }

        model.SaveSafetensors(file);
        AssertRefused(file, "expected a checkpoint of the format sourcenet.checkpoint.2, found none", Make("averaged"), "averaged");
    }

    private static void AssertRefused(string file, string problem, Model model, string kind)
    {
        using (model)
        {
            using var digits = new Digits();
            var before = model.state_dict().ToDictionary(pair => pair.Key, pair => pair.Value.clone());

            var error = Assert.Throws<CheckpointException>(() => Fit(model, kind, 2, file, CancellationToken.None, digits: digits));

            Assert.StartsWith(file + ": ", error.Message);
            Assert.Contains(problem, error.Message);
            Assert.All(before, pair => Assert.True(Bits.AreSame(pair.Value, model.state_dict()[pair.Key])));
        }
    }

    private static Model Make(string kind)
    {
        manual_seed(kind.Length);
        return kind switch { "averaged" => new Averaged(), "swapped" => new Swapped(), "stopped" => new Stopped(), _ => new Plain() };
    }

    private TrainingHistory Fit(Model model, string kind, int epochs, string? checkpoint, CancellationToken cancellation, ITrainingProgress? progress = null) =>
        Fit(model, kind, epochs, checkpoint, cancellation, _digits, progress);

    private static TrainingHistory Fit(
        Model model, string kind, int epochs, string? checkpoint, CancellationToken cancellation, Digits digits, ITrainingProgress? progress = null)
    {
        var options = new TrainerOptions
        {
            Epochs = epochs,
            LearningRate = 0.01,
            Schedule = Schedule.OneCycle(),
            Checkpoint = checkpoint,
            Resume = checkpoint is not null,
            Progress = progress,
        };
        var trainer = kind == "sgd" ? new Trainer(model, model.Loss, rate => model.CreateSgd(rate, momentum: 0.9), options) : new Trainer(model, options);
        return trainer.Fit(digits.Train, digits.Validation, cancellation: cancellation);
    }

    private void FitBy(Model model, string optimizer, int epochs, string? checkpoint, IBatchSource? train = null)
    {
        optim.Optimizer Create(double rate) => optimizer switch
        {
            "momentum" => optim.SGD(model.parameters(), rate, momentum: 0.9),
            "plain sgd" => optim.SGD(model.parameters().Take(1), rate),
            "rmsprop" => optim.RMSProp(model.parameters(), rate, momentum: 0.5),
            "rmsprop centered" => optim.RMSProp(model.parameters(), rate, centered: true),
            "adagrad" => optim.Adagrad(model.parameters(), rate),
            nameof(RegularizedLion) => model.CreateOptimizer(groups => new RegularizedLion(groups, rate)),
            nameof(RegularizedNAdam) => model.CreateOptimizer(groups => new RegularizedNAdam(groups, rate)),
            nameof(RegularizedRmsProp) => model.CreateOptimizer(groups => new RegularizedRmsProp(groups, rate, momentum: 0.5, centered: true)),
            nameof(RegularizedLamb) => model.CreateOptimizer(groups => new RegularizedLamb(groups, rate)),
            nameof(RegularizedAdafactor) => model.CreateOptimizer(groups => new RegularizedAdafactor(groups, rate)),
            _ => optim.Adam(model.parameters(), rate),
        };

        var options = new TrainerOptions { Epochs = epochs, LearningRate = 0.01, Checkpoint = checkpoint, Resume = checkpoint is not null };
        new Trainer(model, model.Loss, Create, options).Fit(train ?? _digits.Train);
    }

    private static EpochResult WithoutTime(EpochResult result) => result with { Seconds = 0 };

    private sealed class CancelAt(int step, CancellationTokenSource cancellation) : ITrainingProgress
    {
        public int Steps { get; private set; }

        public void Begin(string model, int epochs, int stepsPerEpoch, int epochsDone)
        {
        }

        public void StepDone()
        {
            if (++Steps == step)
            {
                cancellation.Cancel();
            }
        }

        public void EpochDone(EpochResult result, string? metric)
        {
        }
    }
}

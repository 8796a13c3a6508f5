using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training.Tests.Trainers;

/// <summary>A training that is resumed goes on with the samples, windows and changes that it would have had.</summary>
public sealed class SampledResumeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Tensor inputs = Seeded(() => rand(40, 6));
    private readonly Tensor targets = Seeded(() => randint(0, 3, [40], dtype: ScalarType.Int64));
    private readonly LabeledImages images = new([.. Enumerable.Range(0, 40 * 48).Select(place => (byte)(place * 37))],
        [.. Enumerable.Range(0, 40).Select(index => (byte)(index % 3))], new(3, 4, 4), 3);

    public void Dispose()
    {
        folder.Dispose();
        inputs.Dispose();
        targets.Dispose();
        images.Dispose();
    }

    public static TheoryData<string> Kinds => ["weighted", "weighted subset", "balanced", "shuffled part", "policies", "text"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void It_ends_with_the_same_bits(string kind)
    {
        using var whole = Model(kind);
        Fit(whole, kind, checkpoint: null, CancellationToken.None);
        var file = folder.File("training.safetensors");
        using (var begun = Model(kind))
        using (var cancellation = new CancellationTokenSource())
        {
            Assert.Throws<OperationCanceledException>(() => Fit(begun, kind, file, cancellation.Token, new CancelAt(7, cancellation)));
        }

        using var resumed = Model(kind);
        Fit(resumed, kind, file, CancellationToken.None);

        Assert.All(whole.state_dict(), pair => Assert.True(Bits.AreSame(pair.Value, resumed.state_dict()[pair.Key]), pair.Key));
    }

    private IBatchSource Source(string kind)
    {
        int[] classes = [.. targets.data<long>().ToArray().Select(target => (int)target)];
        return kind switch
        {
            "weighted" => Table(Sampler.Weighted([.. Enumerable.Range(1, 40).Select(weight => (double)weight)])),
            "weighted subset" => Table(Sampler.Weighted([.. Enumerable.Range(1, 40).Select(weight => (double)weight)], 30, replacement: false)),
            "balanced" => Table(Sampler.ClassBalanced(classes)),
            "shuffled part" => Table(Sampler.Shuffled(DataSplit.Stratified(classes, 0.2, seed: 1).Train)),
            "policies" => new Batches(images, new Augmentation(resizedCrop: new(4), rotation: new(20), policy: new AugMix()), 8, seed: 2,
                sampler: Sampler.Shuffled(Enumerable.Range(5, 30))),
            _ => new TextWindows(Enumerable.Range(0, 90).Select(token => token * 7 % 11).ToArray(), 6, 4, stride: 2, seed: 2, shuffle: true, batches: 4),
        };

        TensorBatches Table(Sampler sampler) => new(inputs, targets, 8, seed: 2, classes: 3, sampler: sampler);
    }

    private static nn.Module<Tensor, Tensor> Model(string kind)
    {
        manual_seed(3);
        return kind switch
        {
            "policies" => nn.Sequential(nn.Flatten(), nn.Linear(48, 3)),
            "text" => nn.Sequential(nn.Embedding(11, 5), nn.Linear(5, 11)),
            _ => nn.Linear(6, 3),
        };
    }

    private void Fit(nn.Module<Tensor, Tensor> model, string kind, string? checkpoint, CancellationToken cancellation, ITrainingProgress? progress = null) =>
        new Trainer(
            model,
            (output, target) => nn.functional.cross_entropy(output.flatten(0, -2), target.flatten()),
            rate => optim.SGD(model.parameters(), rate),
            new() { Epochs = 3, LearningRate = 0.1, Metric = null, Checkpoint = checkpoint, Resume = checkpoint is not null, Progress = progress })
            .Fit(Source(kind), cancellation: cancellation);

    private static Tensor Seeded(Func<Tensor> make)
    {
        manual_seed(4);
        return make();
    }

    private sealed class CancelAt(int step, CancellationTokenSource cancellation) : ITrainingProgress
    {
        private int steps;

        public void Begin(string model, int epochs, int stepsPerEpoch, int epochsDone)
        {
        }

        public void StepDone()
        {
            if (++steps == step)
            {
                cancellation.Cancel();
            }
        }

        public void EpochDone(EpochResult result, string? metric)
        {
        }
    }
}

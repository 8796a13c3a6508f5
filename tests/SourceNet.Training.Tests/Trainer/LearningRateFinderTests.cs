using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training.Tests.Trainers;

public sealed class LearningRateFinderTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Digits _digits = new();

    public void Dispose()
    {
        _digits.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void It_leaves_everything_as_it_was()
    {
        TrainingHistory Train(bool finds, out Model model)
        {
            manual_seed(1);
            model = new Averaged();
            model.parameters().First().grad = ones_like(model.parameters().First());
            var trainer = new Trainer(model, new() { Epochs = 2, LearningRate = 0.01 });
            if (finds)
            {
                var modes = model.modules().Select(module => module.training).ToList();
                trainer.FindLearningRate(_digits.Train, steps: 40);
                Assert.Equal(modes, model.modules().Select(module => module.training));
                Assert.True(model.parameters().First().grad!.eq(1).all().item<bool>());
                Assert.True(model.parameters().Skip(1).All(parameter => parameter.grad is null));
            }

            return trainer.Fit(_digits.Train, _digits.Validation);
        }

        var expected = Train(finds: false, out var untouched);
        var actual = Train(finds: true, out var model);

        Assert.Equal(expected.Epochs.Select(epoch => epoch with { Seconds = 0 }), actual.Epochs.Select(epoch => epoch with { Seconds = 0 }));
        Assert.All(untouched.state_dict(), pair => Assert.True(Bits.AreSame(pair.Value, model.state_dict()[pair.Key]), pair.Key));
    }

    [Fact]
    public void It_suggests_a_rate_that_trains_and_ends_where_the_loss_rises()
    {
        using var folder = new TemporaryFolder();
        manual_seed(2);
        var model = new Plain();
        Trainer By(double rate) => new(model, model.Loss, _ => optim.SGD(model.parameters(), rate), new() { Epochs = 3, LearningRate = rate });

        var curve = new Trainer(model, model.Loss, rate => optim.SGD(model.parameters(), rate), new() { LearningRate = 0.5 })
            .FindLearningRate(_digits.Train, 1e-4, 1e4, 120);

        Assert.True(curve.Diverged);
        Assert.InRange(curve.Points.Count, 40, 119);
        Assert.InRange(curve.Suggestion!.Value, 1e-3, 100);
        for (var step = 0; step < curve.Points.Count; step++)
        {
            Assert.Equal(1, curve.Points[step].LearningRate / (1e-4 * Math.Pow(1e8, step / 119.0)), 1e-9);
        }

        // The average by its definition, without the bias of its beginning.
        var weights = Enumerable.Range(0, 30).Select(step => Math.Pow(0.98, 29 - step)).ToList();
        Assert.Equal(weights.Zip(curve.Points, (weight, point) => weight * point.Loss).Sum() / weights.Sum(), curve.Points[29].Smoothed, 1e-9);
        curve.WriteCsv(folder.File("rates.csv"));
        Assert.Equal(curve.Points.Count + 1, File.ReadAllLines(folder.File("rates.csv")).Length);
        var text = curve.ToString();
        Assert.Contains("steepest descent at", text);
        Assert.Contains("^", text);
        Assert.InRange(By(curve.Suggestion.Value).Fit(_digits.Train).Final.TrainLoss, 0, curve.Points[0].Loss - 0.3);
    }

    [Fact]
    public void A_loss_that_falls_nowhere_has_no_suggestion()
    {
        var model = nn.Linear(4, 1);
        var curve = new Trainer(model, (output, _) => (output.sum() * 0) + 1, rate => optim.SGD(model.parameters(), rate), new())
            .FindLearningRate(new TensorBatches(randn(8, 4), randn(8, 1), 4));

        Assert.Null(curve.Suggestion);
        Assert.False(curve.Diverged);
        Assert.Equal(100, curve.Points.Count);
        Assert.Contains("no suggestion", curve.ToString());
    }

    [Fact]
    public void Numbers_out_of_range_are_refused_and_it_can_be_cancelled()
    {
        var trainer = new Trainer(new Plain(), new());
        Assert.Throws<ArgumentOutOfRangeException>(() => trainer.FindLearningRate(_digits.Train, least: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => trainer.FindLearningRate(_digits.Train, least: 1, most: 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => trainer.FindLearningRate(_digits.Train, steps: 5));
        Assert.ThrowsAny<OperationCanceledException>(() => trainer.FindLearningRate(_digits.Train, cancellation: new CancellationToken(canceled: true)));
    }
}

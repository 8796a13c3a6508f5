using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Tests.Losses;

public class ObjectiveWatchTests
{
    [Fact]
    public void It_tells_what_was_computed_and_what_the_mean_was_divided_by()
    {
        using var scope = NewDisposeScope();
        using var watch = new ObjectiveWatch();
        var targets = tensor(new long[] { 0, 2, -100, 1, 5, 2 }).view(2, 3);
        var whole = targets.clamp_min(0);
        Objectives.CrossEntropy(rand(2, 6, 3), targets);
        Objectives.SequenceCrossEntropy(rand(2, 3, 6), whole, ignoreIndex: 2);
        Objectives.CrossEntropy(rand(4, 3), full(4, 3, 1 / 3f));
        Objectives.BinaryCrossEntropy(rand(4, 3), ones(4, 3));
        Objectives.Huber(rand(2), rand(2));

        Assert.Equal(
            [
                new(ObjectiveKind.CrossEntropy, 1, -100, 5),
                new(ObjectiveKind.CrossEntropy, 2, 2, 4),
                new(ObjectiveKind.CrossEntropy, 1, -100, 4),
                new(ObjectiveKind.BinaryCrossEntropy, -1, 0, 12),
                new(ObjectiveKind.Huber, -1, 0, 2),
            ],
            watch.Seen);
    }

    [Fact]
    public void Means_of_batches_weighted_by_what_counted_are_the_mean_of_all_of_it()
    {
        using var scope = NewDisposeScope();
        var logits = randn(7, 3);
        var targets = tensor(new long[] { 0, 1, 2, -100, -100, 1, 0 });
        var weight = tensor(new[] { 0.1f, 2, 3 });
        using var watch = new ObjectiveWatch();
        (long Start, long Length)[] parts = [(0, 2), (2, 3), (5, 2)];
        float[] losses = [.. parts.Select(part => Loss(logits.narrow(0, part.Start, part.Length), targets.narrow(0, part.Start, part.Length)))];

        var mean = losses.Zip(watch.Seen, (loss, seen) => loss * seen.Counted).Sum() / watch.Seen.Sum(seen => seen.Counted);

        Assert.Equal(Loss(logits, targets), mean, 1e-6);

        float Loss(Tensor some, Tensor those) => Objectives.CrossEntropy(some, those, weight: weight).item<float>();
    }

    [Fact]
    public void Other_threads_and_what_comes_after_it_are_not_noted()
    {
        using var scope = NewDisposeScope();
        using var outer = new ObjectiveWatch();
        using (var inner = new ObjectiveWatch())
        {
            Objectives.MeanSquaredError(rand(2), rand(2));
            Assert.Single(inner.Seen);
        }

        var thread = new Thread(() => Objectives.MeanSquaredError(rand(2), rand(2)).Dispose());
        thread.Start();
        thread.Join();
        Assert.Empty(outer.Seen);
        Objectives.MeanSquaredError(rand(2), rand(2));
        Assert.Single(outer.Seen);
    }
}

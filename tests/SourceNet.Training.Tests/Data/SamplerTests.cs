using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training.Tests.Data;

public class SamplerTests
{
    private const int Draws = 40_000;

    public static TheoryData<string> Kinds => ["in order", "shuffled", "weighted", "weighted subset", "balanced"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_epoch_is_a_function_of_seed_and_epoch(string kind)
    {
        var (one, other) = (Of(kind), Of(kind));

        Assert.Equal(one.Epoch(5, 3), one.Epoch(5, 3));
        Assert.Equal(one.Epoch(5, 3), other.Epoch(5, 3));
        Assert.Equal(one.Count, one.Epoch(5, 3).Length);
        if (kind != "in order")
        {
            Assert.NotEqual(one.Epoch(5, 3), one.Epoch(5, 4));
            Assert.NotEqual(one.Epoch(5, 3), one.Epoch(6, 3));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Only_the_given_indices_come(string kind) => Assert.All(Of(kind).Epoch(1, 2), index => Assert.InRange(index, 100, 159));

    [Fact]
    public void In_order_and_shuffled_have_every_sample_once()
    {
        int[] indices = [7, 3, 12, 5];

        Assert.Equal(indices, Sampler.InOrder(indices).Epoch(1, 1));
        Assert.Equal([3, 5, 7, 12], Sampler.Shuffled(indices).Epoch(1, 1).Order());
    }

    [Fact]
    public void Weighted_samples_come_in_proportion_to_their_weights()
    {
        double[] weights = [0, 1, 2, 0, 5, 2, 0];

        var counts = Sampler.Weighted(weights, Draws).Epoch(3, 1).CountBy(index => index).ToDictionary();

        Assert.Equal([1, 2, 4, 5], counts.Keys.Order());
        Assert.All(counts, count => AssertShare(weights[count.Key] / 10, count.Value, Draws));
    }

    [Fact]
    public void Without_replacement_samples_are_drawn_from_those_that_are_left()
    {
        // The chance of an order is that of the first, times that of the second among the rest, and so on.
        double[] weights = [1, 2, 0, 5];
        var sampler = Sampler.Weighted(weights, 2, replacement: false);

        var pairs = Enumerable.Range(0, Draws).Select(epoch => sampler.Epoch(9, epoch)).CountBy(drawn => (drawn[0], drawn[1])).ToDictionary();

        Assert.Equal(6, pairs.Count);
        Assert.All(pairs, pair => AssertShare(weights[pair.Key.Item1] / 8 * weights[pair.Key.Item2] / (8 - weights[pair.Key.Item1]), pair.Value, Draws));
        Assert.Equal([0, 1, 3], Sampler.Weighted(weights, 3, replacement: false).Epoch(1, 1).Order());
    }

    [Fact]
    public void Balanced_epochs_have_as_many_samples_of_each_class_and_use_all_of_them()
    {
        // 90 of class a, 9 of b, 1 of c.
        string[] classes = [.. Enumerable.Range(0, 100).Select(index => index < 90 ? "a" : index < 99 ? "b" : "c")];
        var sampler = Sampler.ClassBalanced(classes);
        foreach (var epoch in Enumerable.Range(0, 20))
        {
            var drawn = sampler.Epoch(1, epoch);
            Assert.Equal([33, 33, 34], drawn.CountBy(index => classes[index]).Select(count => count.Value).Order());
            // Of the frequent class none twice; of the others all of them, as often as another.
            Assert.All(drawn.CountBy(index => index).Where(count => classes[count.Key] == "a"), count => Assert.Equal(1, count.Value));
            Assert.All(drawn.CountBy(index => index).Where(count => classes[count.Key] == "b"), count => Assert.InRange(count.Value, 3, 4));
        }

        // The one sample more is not always of the same class, and the order is none of classes.
        var most = Enumerable.Range(0, 40).Select(epoch => sampler.Epoch(1, epoch).CountBy(index => classes[index]).MaxBy(count => count.Value).Key);
        Assert.Equal(3, most.Distinct().Count());
        Assert.True(sampler.Epoch(1, 1).Take(33).Select(index => classes[index]).Distinct().Count() > 1);
    }

    [Fact]
    public void Batches_of_images_are_those_of_the_sampler()
    {
        using var images = new LabeledImages([.. Enumerable.Range(0, 10).Select(value => (byte)value)], [0, 1, 0, 1, 0, 1, 0, 1, 0, 1], new(1, 1, 1), 2);
        var batches = new Batches(images, new Normalize([0], [1]), 3, seed: 5, sampler: Sampler.Shuffled([1, 9, 4, 6]));

        Assert.Equal((2, 1), (batches.Count, batches.SmallestBatch));
        Assert.Equal(Sampler.Shuffled([1, 9, 4, 6]).Epoch(5, 2), batches.Epoch(2).SelectMany(batch => batch.Indices.ToArray()));
    }

    [Fact]
    public void Batches_of_tensors_are_those_of_the_sampler()
    {
        using var inputs = arange(10, dtype: ScalarType.Float32).unsqueeze(1);
        using var targets = arange(10, dtype: ScalarType.Int64);
        var sampler = Sampler.Weighted([1, 0, 0, 0, 0, 0, 0, 0, 0, 3], 7);
        var batches = new TensorBatches(inputs, targets, 3, seed: 5, sampler: sampler);

        Assert.Equal((3, 1), (batches.Count, batches.SmallestBatch));
        Assert.Equal(sampler.Epoch(5, 2).Select(index => (long)index), batches.Epoch(2).SelectMany(batch => batch.Targets.data<long>().ToArray()));
    }

    [Fact]
    public void What_cannot_be_sampled_is_told()
    {
        Assert.Contains("found none", Assert.Throws<ArgumentException>(() => Sampler.InOrder([])).Message);
        Assert.Contains("found -2", Assert.Throws<ArgumentException>(() => Sampler.Shuffled([1, -2])).Message);
        Assert.Contains("found -1 at index 1", Assert.Throws<ArgumentException>(() => Sampler.Weighted([1, -1])).Message);
        Assert.Contains("found NaN at index 0", Assert.Throws<ArgumentException>(() => Sampler.Weighted([double.NaN])).Message);
        Assert.Contains("nothing could be drawn", Assert.Throws<ArgumentException>(() => Sampler.Weighted([0, 0])).Message);
        Assert.Contains("at most the 2 samples", Assert.Throws<ArgumentException>(() => Sampler.Weighted([1, 0, 1], 3, replacement: false)).Message);
        Assert.Contains("as many weights as indices, 3, found 2", Assert.Throws<ArgumentException>(() => Sampler.Weighted([1, 0], indices: [1, 2, 3])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Sampler.ClassBalanced([1, 2], count: 0));

        using var inputs = zeros(3, 1);
        Assert.Contains("from 0 to 2, those of the data, found 3", Assert.Throws<ArgumentException>(() =>
            new TensorBatches(inputs, inputs, 1, sampler: Sampler.InOrder([3]))).Message);
        Assert.Contains("leave shuffle out", Assert.Throws<ArgumentException>(() =>
            new TensorBatches(inputs, inputs, 1, shuffle: true, sampler: Sampler.InOrder([0]))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new TensorBatches(inputs, inputs, 2, dropLast: true, sampler: Sampler.InOrder([0])));
    }

    private static Sampler Of(string kind)
    {
        int[] indices = [.. Enumerable.Range(100, 60)];
        double[] weights = [.. indices.Select(index => 1.0 + (index % 7))];
        return kind switch
        {
            "in order" => Sampler.InOrder(indices),
            "shuffled" => Sampler.Shuffled(indices),
            "weighted" => Sampler.Weighted(weights, indices: indices),
            "weighted subset" => Sampler.Weighted(weights, 40, replacement: false, indices),
            _ => Sampler.ClassBalanced([.. indices.Select(index => index % 4)], indices: indices),
        };
    }

    private static void AssertShare(double expected, int found, int count)
    {
        var deviation = Math.Sqrt(count * expected * (1 - expected));
        Assert.InRange(found, (count * expected) - (5 * deviation), (count * expected) + (5 * deviation));
    }
}

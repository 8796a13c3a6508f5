using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training.Tests.Augmentations;

public class MixTests
{
    private const int Classes = 5;

    private static readonly RandomKey s_key = new(3, 1, 7);

    [Fact]
    public void MixUp_is_the_reference()
    {
        using var scope = NewDisposeScope();
        var (images, labels) = Batch(6, [3, 4, 5]);

        var (mixed, targets) = new MixUp(0.4, Classes).Apply(images, labels, s_key);

        var stream = s_key.Stream(RandomPurpose.MixUp);
        var share = stream.Beta(0.4);
        var partners = stream.Permutation(6);
        Assert.Equal([6, 3, 4, 5], mixed.shape);
        for (var index = 0; index < 6; index++)
        {
            var (own, other) = (Values(images[index]), Values(images[partners[index]]));
            AssertClose([.. own.Zip(other, (x, y) => (share * x) + ((1 - share) * y))], Values(mixed[index]));
            AssertClose(Target(labels, index, partners[index], share), Values(targets[index]));
        }
    }

    [Theory]
    [InlineData(8, 8)]
    [InlineData(1, 1)]
    [InlineData(7, 13)]
    public void CutMix_is_the_reference(int height, int width)
    {
        using var scope = NewDisposeScope();
        var (images, labels) = Batch(6, [3, height, width]);
        for (var number = 0; number < 30; number++)
        {
            var key = s_key with { Index = number };
            var (mixed, targets) = new CutMix(1, Classes).Apply(images, labels, key);

            var (top, bottom, left, right, partners) = DrawCut(key, height, width);
            var share = 1 - ((double)(bottom - top) * (right - left) / (height * width));
            for (var index = 0; index < 6; index++)
            {
                for (var y = 0; y < height; y++)
                {
                    for (var x = 0; x < width; x++)
                    {
                        var inside = y >= top && y < bottom && x >= left && x < right;
                        var source = inside ? partners[index] : index;
                        Assert.Equal(Values(images[source, TensorIndex.Colon, y, x]), Values(mixed[index, TensorIndex.Colon, y, x]));
                    }
                }

                AssertClose(Target(labels, index, partners[index], share), Values(targets[index]));
            }
        }
    }

    [Fact]
    public void Mixing_is_reproducible_and_leaves_its_arguments_alone()
    {
        using var scope = NewDisposeScope();
        var (images, labels) = Batch(6, [3, 8, 8]);
        var (imagesBefore, labelsBefore) = (images.clone(), labels.clone());
        foreach (var mix in new Func<RandomKey, (Tensor Images, Tensor Targets)>[]
        {
            key => new MixUp(1, Classes).Apply(images, labels, key),
            key => new CutMix(1, Classes).Apply(images, labels, key)
        })
        {
            Assert.Equal(mix(s_key).Images, mix(s_key).Images);
            Assert.Equal(mix(s_key).Targets, mix(s_key).Targets);
            Assert.NotEqual(mix(s_key).Images, mix(s_key with { Index = 8 }).Images);
            Assert.NotEqual(mix(s_key).Images, mix(s_key with { Epoch = 2 }).Images);
            Assert.NotEqual(mix(s_key).Images, mix(s_key with { Seed = 4 }).Images);
        }

        Assert.Equal(imagesBefore, images);
        Assert.Equal(labelsBefore, labels);
    }

    [Fact]
    public void Targets_are_probabilities_that_a_declared_objective_takes()
    {
        using var scope = NewDisposeScope();
        var (images, labels) = Batch(6, [3, 8, 8]);
        var (_, targets) = new CutMix(1, Classes).Apply(images, labels, s_key);

        Assert.Equal([6, Classes], targets.shape);
        Assert.All(Values(targets.sum(1)), sum => Assert.Equal(1, sum, 1e-6f));
        var loss = Objectives.CrossEntropy(zeros(6, Classes), targets);
        Assert.Equal(Math.Log(Classes), loss.item<float>(), 1e-5);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.2)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(1e-4)]
    [InlineData(1e4)]
    public void Shares_have_the_moments_of_the_Beta_distribution(double alpha)
    {
        const int count = 50_000;
        var stream = new RandomStream(5);

        var shares = Enumerable.Range(0, count).Select(_ => stream.Beta(alpha)).ToList();

        Assert.All(shares, share => Assert.InRange(share, 0, 1));
        var variance = 1 / (4 * ((2 * alpha) + 1));
        Assert.Equal(0.5, shares.Average(), 5 * Math.Sqrt(variance / count));
        Assert.Equal(variance, shares.Average(share => (share - 0.5) * (share - 0.5)), 0.03 * variance);
    }

    [Fact]
    public void With_alpha_1_every_share_is_as_likely()
    {
        var stream = new RandomStream(9);

        var tenths = Enumerable.Range(0, 50_000).CountBy(_ => (int)(stream.Beta(1) * 10)).ToList();

        Assert.Equal(10, tenths.Count);
        Assert.All(tenths, tenth => Assert.InRange(tenth.Value, 5000 - 340, 5000 + 340));
    }

    [Fact]
    public void Every_permutation_is_as_likely()
    {
        var stream = new RandomStream(1);

        var orders = Enumerable.Range(0, 24_000).CountBy(_ => string.Concat(stream.Permutation(4))).ToList();

        Assert.Equal(24, orders.Count);
        Assert.All(orders, order => Assert.InRange(order.Value, 1000 - 160, 1000 + 160));
    }

    [Fact]
    public void Double_precision_stays_double_precision()
    {
        using var scope = NewDisposeScope();
        var (images, labels) = Batch(4, [2, 4, 4]);
        var (mixed, targets) = new MixUp(1, Classes).Apply(images.to(ScalarType.Float64), labels, s_key);

        Assert.Equal((ScalarType.Float64, ScalarType.Float64), (mixed.dtype, targets.dtype));
    }

    [Fact]
    public void Mixing_leaves_no_tensor_behind()
    {
        var (images, labels) = Batch(6, [3, 8, 8]);
        var before = LiveTensors.Count;
        foreach (var (mixed, targets) in new[] { new MixUp(1, Classes).Apply(images, labels, s_key), new CutMix(1, Classes).Apply(images, labels, s_key) })
        {
            mixed.Dispose();
            targets.Dispose();
        }

        Assert.Equal(before, LiveTensors.Count);
        images.Dispose();
        labels.Dispose();
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        using var scope = NewDisposeScope();
        var (images, labels) = Batch(6, [3, 8, 8]);

        Assert.Throws<ArgumentOutOfRangeException>(() => new MixUp(0, Classes));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CutMix(double.NaN, Classes));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CutMix(1, 0));
        Assert.Throws<ArgumentException>(() => new CutMix(1, Classes).Apply(images[0], labels, s_key));
        Assert.Throws<ArgumentException>(() => new MixUp(1, Classes).Apply(images, labels[..5], s_key));
        Assert.Throws<ArgumentException>(() => new MixUp(1, Classes).Apply(images, labels.to(ScalarType.Int32), s_key));
        Assert.Throws<ArgumentException>(() => new MixUp(1, Classes).Apply(images.to(ScalarType.Byte), labels, s_key));
    }

    private static (Tensor Images, Tensor Labels) Batch(int count, long[] shape) =>
        (rand([count, .. shape]), tensor(Enumerable.Range(0, count).Select(index => (long)(index * 3 % Classes)).ToArray()));

    private static (int Top, int Bottom, int Left, int Right, int[] Partners) DrawCut(RandomKey key, int height, int width)
    {
        var stream = key.Stream(RandomPurpose.CutMix);
        var side = Math.Sqrt(1 - stream.Beta(1));
        var (top, bottom) = Side(height);
        var (left, right) = Side(width);
        return (top, bottom, left, right, stream.Permutation(6));

        (int, int) Side(int length)
        {
            var part = (int)(length * side);
            var center = stream.Below(length);
            return (Math.Max(0, center - (part / 2)), Math.Min(length, center - (part / 2) + part));
        }
    }

    private static float[] Values(Tensor tensor) => tensor.contiguous().data<float>().ToArray();

    private static double[] Target(Tensor labels, int own, int other, double share)
    {
        var target = new double[Classes];
        target[labels[own].item<long>()] += share;
        target[labels[other].item<long>()] += 1 - share;
        return target;
    }

    private static void AssertClose(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }
}

using System.Collections.Concurrent;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training.Tests.Data;

public class BatchesTests
{
    private static readonly ImageShape s_shape = new(3, 2, 2);
    private static readonly Normalize s_normalize = new([0.1, 0.2, 0.3], [0.5, 0.6, 0.7]);

    [Fact]
    public void A_batch_is_standardized_floats_and_their_classes()
    {
        using var images = Counting(5);
        var batch = Assert.Single(Copies(new Batches(images, s_normalize, 5).Epoch(0)));

        Assert.Equal([5, 3, 2, 2], batch.Images.shape);
        Assert.Equal(ScalarType.Float32, batch.Images.dtype);
        Assert.Equal([0, 1, 2, 0, 1], batch.Labels.data<long>().ToArray());
        Assert.Equal(ScalarType.Int64, batch.Labels.dtype);
        var values = batch.Images.data<float>().ToArray();
        for (var index = 0; index < values.Length; index++)
        {
            var (sample, channel) = (index / 12, index / 4 % 3);
            Assert.Equal(((sample / 255.0) - s_normalize.Mean[channel]) / s_normalize.StandardDeviation[channel], values[index], 1e-6);
        }
    }

    [Theory]
    [InlineData(10, 5, false, new[] { 5, 5 })]
    [InlineData(11, 5, false, new[] { 5, 5, 1 })]
    [InlineData(11, 5, true, new[] { 5, 5 })]
    [InlineData(5, 5, true, new[] { 5 })]
    [InlineData(3, 5, false, new[] { 3 })]
    [InlineData(3, 1, true, new[] { 1, 1, 1 })]
    public void The_last_batch_has_the_rest_or_is_dropped(int count, int size, bool dropLast, int[] sizes)
    {
        using var images = Counting(count);
        var batches = new Batches(images, s_normalize, size, dropLast: dropLast);

        Assert.Equal(sizes.Length, batches.Count);
        Assert.Equal(sizes, batches.Epoch(0).Select(batch => batch.Count));
    }

    [Fact]
    public void Without_shuffling_the_order_is_that_of_the_images()
    {
        using var images = Counting(10);

        Assert.Equal(Enumerable.Range(0, 10), Order(new Batches(images, s_normalize, 3), 4));
    }

    [Fact]
    public void Each_epoch_has_every_image_once_in_an_order_of_its_own()
    {
        using var images = Counting(100);
        var batches = new Batches(images, s_normalize, 7, seed: 3, shuffle: true);

        var epochs = Enumerable.Range(0, 4).Select(epoch => Order(batches, epoch)).ToList();

        Assert.All(epochs, order => Assert.Equal(Enumerable.Range(0, 100), order.Order()));
        Assert.Equal(4, epochs.Select(order => string.Join(' ', order)).Distinct().Count());
    }

    [Fact]
    public void The_order_is_a_function_of_seed_and_epoch()
    {
        using var images = Counting(12);

        // A change of these numbers changes every run that somebody wants to repeat.
        Assert.Equal([0, 7, 10, 8, 4, 6, 5, 11, 9, 1, 2, 3], Order(new Batches(images, s_normalize, 5, seed: 1, shuffle: true), 0));
        Assert.NotEqual(
            Order(new Batches(images, s_normalize, 5, seed: 1, shuffle: true), 0),
            Order(new Batches(images, s_normalize, 5, seed: 2, shuffle: true), 0));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(50, 4)]
    public void An_epoch_is_the_same_whatever_is_made_ahead_and_on_however_many_threads(int prefetch, int threads)
    {
        using var images = Counting(50);
        var augmentation = new Augmentation(new RandomCrop(2, 1), new RandomHorizontalFlip(), new ColorJitter(0.4, 0.4, 0.4), s_normalize, new RandomErasing());
        var expected = Bits(new Batches(images, augmentation, 8, seed: 5, shuffle: true).Epoch(2));
        var before = get_num_threads();
        set_num_threads(threads);

        var batches = new Batches(images, augmentation, 8, seed: 5, shuffle: true, prefetch: prefetch);

        Assert.Equal(expected, Bits(batches.Epoch(2)));
        Assert.Equal(expected, Bits(batches.Epoch(2)));
        set_num_threads(before);
    }

    [Fact]
    public void A_sample_of_an_epoch_is_augmented_alike_whatever_the_size_of_the_batches()
    {
        using var images = Counting(50);
        var augmentation = new Augmentation(new RandomCrop(2, 1), jitter: new ColorJitter(0.5));

        Assert.Equal(Bits(new Batches(images, augmentation, 50, seed: 9).Epoch(1)), Bits(new Batches(images, augmentation, 7, seed: 9).Epoch(1)));
    }

    [Fact]
    public void Two_epochs_that_are_read_by_turns_do_not_disturb_one_another()
    {
        using var images = Counting(20);
        var batches = new Batches(images, s_normalize, 5, seed: 1, shuffle: true);

        var pairs = batches.Epoch(0).Zip(batches.Epoch(1), (one, other) => (One: one.Indices.ToArray(), Other: other.Indices.ToArray())).ToList();

        Assert.Equal(Order(batches, 0), pairs.SelectMany(pair => pair.One));
        Assert.Equal(Order(batches, 1), pairs.SelectMany(pair => pair.Other));
    }

    [Fact]
    public void Batches_are_made_ahead_on_other_threads_and_no_further_than_asked()
    {
        using var images = Counting(100);
        var transform = new Recording();
        using var loop = new Batches(images, transform, 10, prefetch: 3).Epoch(0).GetEnumerator();

        Assert.True(loop.MoveNext());
        Assert.True(SpinWait.SpinUntil(() => transform.Samples == 40, TimeSpan.FromSeconds(30)));
        Thread.Sleep(50);
        Assert.Equal(40, transform.Samples);
        Assert.True(loop.MoveNext());
        Assert.True(SpinWait.SpinUntil(() => transform.Samples == 50, TimeSpan.FromSeconds(30)));
        // The first batch may be made by the thread that waits for it.
        Assert.DoesNotContain(transform.Calls, call => call.Sample >= 10 && call.Thread == Environment.CurrentManagedThreadId);
    }

    [Fact]
    public void A_whole_epoch_leaves_no_tensor_behind()
    {
        using var images = Counting(100);
        var before = LiveTensors.Count;

        foreach (var batch in new Batches(images, s_normalize, 10).Epoch(0))
        {
            Assert.False(batch.Images.IsInvalid);
        }

        Assert.Equal(before, LiveTensors.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public void A_loop_that_ends_early_leaves_no_tensor_behind(int steps)
    {
        using var images = Counting(100);
        var before = LiveTensors.Count;
        using (var loop = new Batches(images, s_normalize, 10, prefetch: 4).Epoch(0).GetEnumerator())
        {
            for (var step = 0; step < steps; step++)
            {
                Assert.True(loop.MoveNext());
            }
        }

        Assert.Equal(before, LiveTensors.Count);
    }

    [Fact]
    public void A_loop_that_ends_early_waits_for_what_is_being_made()
    {
        using var images = Counting(100);
        var transform = new Slow();
        using (var loop = new Batches(images, transform, 10, prefetch: 4).Epoch(0).GetEnumerator())
        {
            Assert.True(loop.MoveNext());
        }

        var (begun, done) = transform.Counts;
        Assert.Equal(50, begun);
        Assert.Equal(50, done);
    }

    [Fact]
    public void A_dispose_scope_inside_or_around_the_loop_does_not_take_batches_away()
    {
        using var images = Counting(100);
        var before = LiveTensors.Count;
        using (NewDisposeScope())
        {
            foreach (var batch in new Batches(images, s_normalize, 10).Epoch(0))
            {
                using var scope = NewDisposeScope();
                _ = batch.Images.mean();
            }
        }

        using (var loop = new Batches(images, s_normalize, 10).Epoch(0).GetEnumerator())
        {
            using (NewDisposeScope())
            {
                Assert.True(loop.MoveNext());
            }

            Assert.False(loop.Current.Images.IsInvalid);
            Assert.True(loop.MoveNext());
        }

        Assert.Equal(before, LiveTensors.Count);
    }

    [Fact]
    public void Batches_that_were_begun_in_inference_mode_can_be_trained_on()
    {
        using var images = Counting(100);
        using var weight = ones(3, 3, 1, 1, requires_grad: true);
        using var loop = new Batches(images, s_normalize, 10).Epoch(0).GetEnumerator();
        using (inference_mode())
        {
            Assert.True(loop.MoveNext());
        }

        using var scope = NewDisposeScope();
        nn.functional.conv2d(loop.Current.Images, weight).sum().backward();

        Assert.NotNull(weight.grad);
    }

    [Fact]
    public void What_goes_wrong_while_a_batch_is_made_is_thrown_where_the_loop_comes_to_it()
    {
        using var images = Counting(100);
        var before = LiveTensors.Count;
        var seen = 0;

        var error = Assert.Throws<InvalidOperationException>(() =>
        {
            foreach (var batch in new Batches(images, new Failing(34), 10, prefetch: 3).Epoch(0))
            {
                seen++;
            }
        });

        Assert.Equal(("sample 34", 3), (error.Message, seen));
        Assert.Equal(before, LiveTensors.Count);
    }

    [Fact]
    public void Images_that_are_disposed_in_the_middle_of_an_epoch_end_it()
    {
        using var images = Counting(100);
        using var loop = new Batches(images, s_normalize, 10).Epoch(0).GetEnumerator();
        Assert.True(loop.MoveNext());

        images.Dispose();

        Assert.Throws<ObjectDisposedException>(() =>
        {
            while (loop.MoveNext())
            {
            }
        });
    }

    [Fact]
    public void A_batch_tells_which_images_it_has_and_what_its_own_draws_depend_on()
    {
        using var images = Counting(10);
        var keys = new Batches(images, s_normalize, 4, seed: 8).Epoch(6).Select(batch => (batch.Key, string.Join(' ', batch.Indices.ToArray()))).ToList();

        Assert.Equal([(new RandomKey(8, 6, 0), "0 1 2 3"), (new(8, 6, 1), "4 5 6 7"), (new(8, 6, 2), "8 9")], keys);
    }

    [Fact]
    public void Arguments_out_of_range_are_told()
    {
        using var images = Counting(10);

        Assert.Throws<ArgumentOutOfRangeException>(() => new Batches(images, s_normalize, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Batches(images, s_normalize, 5, prefetch: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Batches(images, s_normalize, 11, dropLast: true));
        Assert.Throws<ArgumentException>(() => new Batches(images, Mnist.Normalize, 5));
    }

    /// <summary>The pixels are the number of the image, the labels count from 0 to 2 and over.</summary>
    private static LabeledImages Counting(int count) => new(
        [.. Enumerable.Range(0, count * s_shape.Count).Select(i => (byte)(i / s_shape.Count))], [.. Enumerable.Range(0, count).Select(i => (byte)(i % 3))],
        s_shape, 3);

    private static List<(Tensor Images, Tensor Labels)> Copies(IEnumerable<ImageBatch> batches) =>
        [.. batches.Select(batch => (batch.Images.clone(), batch.Labels.clone()))];

    private static int[] Order(Batches batches, int epoch) => [.. batches.Epoch(epoch).SelectMany(batch => batch.Indices.ToArray())];

    private static int[] Bits(IEnumerable<ImageBatch> batches) =>
        [.. batches.SelectMany(batch => batch.Images.data<float>().ToArray().Select(BitConverter.SingleToInt32Bits))];

    /// <summary>Counts its calls.</summary>
    private sealed class Recording : ImageTransform
    {
        private int samples;

        internal int Samples => Volatile.Read(ref samples);

        internal ConcurrentBag<(int Sample, int Thread)> Calls { get; } = [];

        public override ImageShape OutputShape(ImageShape input) => input;

        public override void Apply(ReadOnlySpan<byte> image, ImageShape shape, Span<float> output, RandomKey key)
        {
            Calls.Add((key.Index, Environment.CurrentManagedThreadId));
            Interlocked.Increment(ref samples);
        }
    }

    /// <summary>Takes its time.</summary>
    private sealed class Slow : ImageTransform
    {
        private int begun;
        private int done;

        internal (int Begun, int Done) Counts => (Volatile.Read(ref begun), Volatile.Read(ref done));

        public override ImageShape OutputShape(ImageShape input) => input;

        public override void Apply(ReadOnlySpan<byte> image, ImageShape shape, Span<float> output, RandomKey key)
        {
            Interlocked.Increment(ref begun);
            Thread.Sleep(2);
            Interlocked.Increment(ref done);
        }
    }

    private sealed class Failing(int sample) : ImageTransform
    {
        public override ImageShape OutputShape(ImageShape input) => input;

        public override void Apply(ReadOnlySpan<byte> image, ImageShape shape, Span<float> output, RandomKey key)
        {
            if (key.Index == sample)
            {
                throw new InvalidOperationException($"sample {sample}");
            }
        }
    }
}

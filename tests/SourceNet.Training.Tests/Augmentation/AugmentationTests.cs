using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training.Tests.Augmentations;

public class AugmentationTests
{
    private static readonly Normalize s_color = new([0.4914, 0.4822, 0.4465], [0.2470, 0.2435, 0.2616]);
    private static readonly Normalize s_gray = new([0.2860], [0.3530]);

    /// <summary>Sizes around every width of vectors, 1 and primes.</summary>
    public static TheoryData<int, int, int> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, int, int>();
            foreach (var (height, width) in new[] { (1, 1), (1, 7), (3, 3), (8, 1), (5, 13), (8, 8), (16, 17), (28, 28), (31, 33), (32, 32), (37, 71) })
            {
                shapes.Add(1, height, width);
                shapes.Add(3, height, width);
            }

            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Normalize_is_the_reference(int channels, int height, int width) =>
        AssertReference(new(normalize: Normal(channels)), new(channels, height, width));

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Without_normalize_values_are_from_0_to_1(int channels, int height, int width)
    {
        var shape = new ImageShape(channels, height, width);
        AssertReference(new Augmentation(), shape);
        using var images = full([1, channels, height, width], (byte)255, dtype: ScalarType.Byte);
        using var output = new Augmentation().Apply(images);
        Assert.All(output.data<float>().ToArray(), value => Assert.Equal(1, value, 1e-6f));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_crop_is_the_reference(int channels, int height, int width)
    {
        var shape = new ImageShape(channels, height, width);
        foreach (var padding in new[] { 0, 1, 4, 40 })
        {
            var largest = Math.Min(height, width) + (2 * padding);
            foreach (var size in new[] { 1, (largest + 1) / 2, largest })
            {
                AssertReference(new(new RandomCrop(size, padding), normalize: Normal(channels)), shape, draws: 5);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_flip_is_the_reference(int channels, int height, int width) => AssertReference(new(flip: new(0.5)), new(channels, height, width));

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_brightness_is_the_reference(int channels, int height, int width) =>
        AssertReference(new(jitter: new(brightness: 0.8), normalize: Normal(channels)), new(channels, height, width));

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_contrast_is_the_reference(int channels, int height, int width) =>
        AssertReference(new(jitter: new(contrast: 0.8), normalize: Normal(channels)), new(channels, height, width));

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_saturation_is_the_reference(int channels, int height, int width)
    {
        if (channels == 3)
        {
            AssertReference(new(jitter: new(saturation: 2.5), normalize: s_color), new(channels, height, width));
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void An_erased_rectangle_is_the_reference(int channels, int height, int width) =>
        AssertReference(new(normalize: Normal(channels), erasing: new(p: 0.8)), new(channels, height, width));

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Everything_together_is_the_reference(int channels, int height, int width)
    {
        var augmentation = new Augmentation(
            new RandomCrop(Math.Min(height, width), 3), new RandomHorizontalFlip(), new ColorJitter(0.4, 0.5, channels == 3 ? 0.6 : 0), Normal(channels),
            new RandomErasing());
        AssertReference(augmentation, new(channels, height, width), draws: 40);
    }

    [Fact]
    public void A_crop_of_the_size_of_the_image_without_padding_changes_nothing()
    {
        var shape = new ImageShape(3, 9, 9);
        using var images = Noise.Images(5, shape);
        using var cropped = new Augmentation(new RandomCrop(9)).Apply(images);
        using var whole = new Augmentation().Apply(images);

        Assert.Equal(whole, cropped);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void A_probability_of_0_is_never_and_of_1_always(double p, bool always)
    {
        var shape = new ImageShape(3, 12, 12);
        var (flip, erasing) = (new RandomHorizontalFlip(p), new RandomErasing(p));

        Assert.All(Enumerable.Range(0, 1000), index => Assert.Equal(always, flip.Draw(new(1, 2, index))));
        Assert.All(Enumerable.Range(0, 1000), index => Assert.Equal(always, erasing.Draw(new(1, 2, index), shape) != default));
    }

    [Fact]
    public void What_a_draw_gives_depends_on_seed_epoch_and_index_alone()
    {
        var shape = new ImageShape(3, 16, 16);
        var augmentation = All(16);
        // Enough for several threads, and no multiple of any number of them.
        using var images = Noise.Images(701, shape);
        using var one = augmentation.Apply(images, seed: 7, epoch: 3);

        foreach (var threads in new[] { 1, 3, 5 })
        {
            var before = get_num_threads();
            set_num_threads(threads);
            using var same = augmentation.Apply(images, seed: 7, epoch: 3);
            set_num_threads(before);
            Assert.Equal(one, same);
        }

        using var part = images.index_select(0, tensor(new long[] { 31, 4 }));
        using var alone = augmentation.Apply(part, seed: 7, epoch: 3, indices: [31, 4]);
        Assert.Equal(one[31], alone[0]);
        Assert.Equal(one[4], alone[1]);
        using var otherSeed = augmentation.Apply(images, seed: 8, epoch: 3);
        using var otherEpoch = augmentation.Apply(images, seed: 7, epoch: 4);
        Assert.NotEqual(one, otherSeed);
        Assert.NotEqual(one, otherEpoch);
    }

    [Fact]
    public void One_transform_does_not_change_what_another_draws()
    {
        var shape = new ImageShape(1, 16, 16);
        var image = Noise.Image(shape);
        var crop = new RandomCrop(16, 4);
        foreach (var index in Enumerable.Range(0, 20))
        {
            var key = new RandomKey(1, 0, index);
            var plain = new float[shape.Count];
            var mirrored = new float[shape.Count];
            new Augmentation(crop).Apply(image, shape, plain, key);
            new Augmentation(crop, new RandomHorizontalFlip(1)).Apply(image, shape, mirrored, key);
            Assert.Equal(plain.Chunk(16).SelectMany(row => row.Reverse()), mirrored);
        }
    }

    [Fact]
    public void Sliced_and_transposed_images_are_read_as_they_are_seen()
    {
        using var images = Noise.Images(4, new ImageShape(3, 8, 10));
        using var view = images.transpose(2, 3).narrow(0, 1, 2);
        using var copy = view.contiguous();
        using var one = All(8).Apply(view);
        using var other = All(8).Apply(copy);

        Assert.Equal(other, one);
    }

    [Fact]
    public void A_batch_of_no_images_gives_one()
    {
        using var images = empty(0, 3, 8, 8, dtype: ScalarType.Byte);
        using var output = All(8).Apply(images);

        Assert.Equal([0, 3, 8, 8], output.shape);
    }

    [Fact]
    public void Batches_leave_no_tensor_behind()
    {
        using var images = Noise.Images(4, new ImageShape(3, 8, 8));
        var before = LiveTensors.Count;
        All(8).Apply(images).Dispose();
        Assert.Equal(before, LiveTensors.Count);
    }

    [Fact]
    public void Images_that_do_not_fit_are_told()
    {
        AssertTold(new(jitter: new(saturation: 0.1)), new(1, 8, 8), "The saturation is that of red, green and blue, and the images are [1, 8, 8].");
        AssertTold(
            new(jitter: new(contrast: 0.1)),
            new(4, 8, 8),
            "The contrast is that of gray images or of red, green and blue, and the images are [4, 8, 8].");
        AssertTold(new(new RandomCrop(13, 2)), new(1, 8, 30), "RandomCrop cuts 13 x 13 pixels, and the images are [1, 8, 30] with a border of 2.");
        AssertTold(new(normalize: s_color), new(1, 8, 8), "Normalize has the means of 3 channels, and the images are [1, 8, 8].");
    }

    [Fact]
    public void Tensors_that_are_no_batch_of_bytes_are_told()
    {
        using var floats = zeros(2, 3, 4, 4);
        using var image = zeros(3, 4, 4, dtype: ScalarType.Byte);
        using var images = zeros(2, 3, 4, 4, dtype: ScalarType.Byte);

        Assert.Contains("Float32 [2, 3, 4, 4]", Assert.Throws<ArgumentException>(() => new Augmentation().Apply(floats)).Message);
        Assert.Contains("Byte [3, 4, 4]", Assert.Throws<ArgumentException>(() => new Augmentation().Apply(image)).Message);
        Assert.Contains("2 images, found 3", Assert.Throws<ArgumentException>(() => new Augmentation().Apply(images, indices: [1, 2, 3])).Message);
    }

    [Fact]
    public void What_goes_wrong_with_an_image_is_thrown()
    {
        using var images = zeros(64, 3, 64, 64, dtype: ScalarType.Byte);

        var before = LiveTensors.Count;

        Assert.Contains("image 40", Assert.ThrowsAny<Exception>(() => new FailingTransform().Apply(images)).ToString());
        Assert.Equal(before, LiveTensors.Count);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void Numbers_that_are_no_probabilities_are_told(double p)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomHorizontalFlip(p));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomErasing(p));
    }

    [Fact]
    public void Settings_out_of_range_are_told()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomCrop(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomCrop(8, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ColorJitter(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ColorJitter(contrast: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ColorJitter(saturation: double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomErasing(minScale: 0.5, maxScale: 0.4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomErasing(maxScale: 1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomErasing(minRatio: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomErasing(maxRatio: double.PositiveInfinity));
        Assert.Throws<ArgumentException>(() => new Normalize([], []));
        Assert.Throws<ArgumentException>(() => new Normalize([0.5], [0.5, 0.5]));
        Assert.Throws<ArgumentException>(() => new Normalize([0.5], [0]));
        Assert.Throws<ArgumentException>(() => new Normalize([double.NaN], [1]));
    }

    private static Augmentation All(int size) =>
        new(new RandomCrop(size, 2), new RandomHorizontalFlip(), new ColorJitter(0.4, 0.4, 0.4), s_color, new RandomErasing());

    private static Normalize Normal(int channels) => channels == 3 ? s_color : s_gray;

    private static void AssertReference(Augmentation augmentation, ImageShape shape, int draws = 10)
    {
        for (var index = 0; index < draws; index++)
        {
            var image = Noise.Image(shape, index);
            var key = new RandomKey(11, 5, index);
            var size = augmentation.OutputShape(shape);
            var values = new float[size.Count];
            Array.Fill(values, float.NaN);
            augmentation.Apply(image, shape, values, key);

            var expected = Reference.Apply(augmentation, image, shape, key);
            Assert.Equal(expected.Length, values.Length);
            for (var i = 0; i < values.Length; i++)
            {
                Assert.Equal(expected[i], values[i], 1e-5);
            }
        }
    }

    private static void AssertTold(Augmentation augmentation, ImageShape shape, string message) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => augmentation.OutputShape(shape)).Message);

    private sealed class FailingTransform : ImageTransform
    {
        public override ImageShape OutputShape(ImageShape input) => input;

        public override void Apply(ReadOnlySpan<byte> image, ImageShape shape, Span<float> output, RandomKey key)
        {
            if (key.Index == 40)
            {
                throw new InvalidOperationException("image 40");
            }
        }
    }
}

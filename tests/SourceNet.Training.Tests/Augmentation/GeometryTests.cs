using static SourceNet.Training.ImageInterpolation;

namespace SourceNet.Training.Tests.Augmentations;

/// <summary>Turned, moved and resized images against a slow twin, and what must hold whatever is drawn.</summary>
public class GeometryTests
{
    public static TheoryData<int, int, int, ImageInterpolation> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, int, int, ImageInterpolation>();
            foreach (var (height, width) in new[] { (1, 1), (1, 7), (3, 3), (5, 13), (8, 8), (17, 16), (28, 31) })
            {
                shapes.Add(1, height, width, Nearest);
                shapes.Add(3, height, width, Bilinear);
                shapes.Add(1, height, width, Bilinear);
            }

            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_rotation_is_the_reference(int channels, int height, int width, ImageInterpolation interpolation)
    {
        var shape = new ImageShape(channels, height, width);
        var rotation = new RandomRotation(180, interpolation, 77);
        AssertReference(new(rotation: rotation), shape, (image, key) =>
            Slow.Move(image, shape, Slow.Affine(-rotation.Draw(key), default, 1, default), Center(shape), interpolation, 77));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void An_affine_change_is_the_reference(int channels, int height, int width, ImageInterpolation interpolation)
    {
        var shape = new ImageShape(channels, height, width);
        var affine = new RandomAffine(45, 0.3, 0.2, 0.5, 2, 30, 20, interpolation, 31);
        AssertReference(new(affine: affine), shape, (image, key) =>
        {
            var (angle, move, scale, shear) = affine.Draw(key, shape);
            return Slow.Move(image, shape, Slow.Affine(angle, move, scale, shear), Center(shape), interpolation, 31);
        });
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_rotation_and_an_affine_change_are_one_motion(int channels, int height, int width, ImageInterpolation interpolation)
    {
        var shape = new ImageShape(channels, height, width);
        var (rotation, affine) = (new RandomRotation(90, interpolation), new RandomAffine(10, 0.2, 0.2, 0.8, 1.2, 10, 10, interpolation));
        AssertReference(new(rotation: rotation, affine: affine), shape, (image, key) =>
        {
            var (angle, move, scale, shear) = affine.Draw(key, shape);
            var (first, then) = (Slow.Affine(-rotation.Draw(key), default, 1, default), Slow.Affine(angle, move, scale, shear));
            return Slow.Move(image, shape, (x, y) => first(x, y) is var at ? then(at.X, at.Y) : default, Center(shape), interpolation, 0);
        });
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_resized_crop_is_the_reference(int channels, int height, int width, ImageInterpolation interpolation)
    {
        var shape = new ImageShape(channels, height, width);
        foreach (var side in new[] { 1, 6, 33 })
        {
            var crop = new RandomResizedCrop(side, interpolation: interpolation);
            AssertReference(new(resizedCrop: crop), shape, (image, key) =>
                Slow.Resize(image, shape, crop.Draw(key, shape), new(channels, side, side), interpolation));
        }
    }

    [Fact]
    public void Crop_flip_and_rotation_come_one_after_the_other()
    {
        var shape = new ImageShape(3, 20, 15);
        var size = new ImageShape(3, 12, 12);
        var (crop, rotation) = (new RandomResizedCrop(12), new RandomRotation(40, Bilinear));
        AssertReference(new(flip: new(1), resizedCrop: crop, rotation: rotation), shape, (image, key) =>
        {
            // The crop alone, which is tested above: a half that is rounded the other way must not be turned and blended.
            var cut = new float[size.Count];
            new Augmentation(resizedCrop: crop).Apply(image, shape, cut, key);
            var mirrored = Slow.Mirror(Slow.Bytes([.. cut.Select(value => value * 255.0)]), size);
            return Slow.Move(mirrored, size, Slow.Affine(-rotation.Draw(key), default, 1, default), Center(size), Bilinear, 0);
        });
    }

    [Theory]
    [InlineData(Nearest)]
    [InlineData(Bilinear)]
    public void Nothing_is_changed_by_a_rotation_by_0_and_an_affine_change_of_nothing(ImageInterpolation interpolation)
    {
        var shape = new ImageShape(3, 9, 14);
        using var images = Noise.Images(5, shape);
        using var plain = new Augmentation().Apply(images);
        using var turned = new Augmentation(rotation: new(0, interpolation), affine: new(0, interpolation: interpolation)).Apply(images);

        Assert.Equal(plain, turned);
    }

    [Theory]
    [InlineData(8, Nearest)]
    [InlineData(9, Nearest)]
    [InlineData(8, Bilinear)]
    [InlineData(9, Bilinear)]
    public void A_rotation_by_90_degrees_moves_the_pixels_of_a_square_exactly(int side, ImageInterpolation interpolation)
    {
        var shape = new ImageShape(1, side, side);
        var image = Noise.Image(shape);
        var turned = new byte[image.Length];

        // Counterclockwise by 90: what was on the right is on top.
        AffineMap.Inverse(AffineMap.Center(shape), -90).Apply(image, shape, turned, interpolation, 0);

        for (var y = 0; y < side; y++)
        {
            for (var x = 0; x < side; x++)
            {
                Assert.Equal(image[(x * side) + side - 1 - y], turned[(y * side) + x]);
            }
        }
    }

    [Fact]
    public void An_image_is_made_of_the_fill_where_nothing_comes_from()
    {
        var shape = new ImageShape(1, 6, 6);
        var output = new float[36];

        new Augmentation(affine: new(0, minScale: 0.01, maxScale: 0.01, fill: 51)).Apply(Noise.Image(shape), shape, output, default);

        Assert.Equal(0.2f, output[0], 1e-6f);
        Assert.Equal(0.2f, output[35], 1e-6f);
    }

    [Fact]
    public void A_part_of_its_own_size_is_copied()
    {
        var shape = new ImageShape(3, 11, 11);
        using var images = Noise.Images(3, shape);
        using var plain = new Augmentation().Apply(images);
        using var whole = new Augmentation(resizedCrop: new(11, minScale: 1, minRatio: 1, maxRatio: 1)).Apply(images);

        Assert.Equal(plain, whole);
    }

    [Fact]
    public void A_resized_part_has_the_area_and_the_ratio_asked_for_anywhere_in_the_image()
    {
        var shape = new ImageShape(3, 100, 140);
        var crop = new RandomResizedCrop(8, 0.1, 0.3, 0.5, 2);

        var boxes = Enumerable.Range(0, 20_000).Select(index => crop.Draw(new(5, 1, index), shape)).ToList();

        Assert.All(boxes, box =>
        {
            Assert.InRange(box.Top, 0, 100 - box.Height);
            Assert.InRange(box.Left, 0, 140 - box.Width);
            Assert.InRange((double)box.Area / shape.Pixels, 0.095, 0.31);
            Assert.InRange((double)box.Width / box.Height, 0.48, 2.1);
        });
        Assert.Equal(0.2, boxes.Average(box => (double)box.Area) / shape.Pixels, 0.003);
        Assert.Equal(0, boxes.Average(box => Math.Log((double)box.Width / box.Height)), 0.02);
        Assert.Equal(0.5, boxes.Average(box => (box.Top + (box.Height / 2.0)) / 100), 0.01);
        Assert.Equal(0.5, boxes.Average(box => (box.Left + (box.Width / 2.0)) / 140), 0.01);
    }

    [Theory]
    [InlineData(100, 10, 45, 0, 13, 10)]
    [InlineData(10, 100, 0, 44, 10, 13)]
    public void Where_no_part_fits_it_is_the_largest_in_the_center(int height, int width, int top, int left, int rows, int columns)
    {
        // In so long an image no part of the whole area has a ratio near 1. The longest that is allowed is 4 to 3.
        var box = new RandomResizedCrop(8, minScale: 1).Draw(new(1, 2, 3), new(1, height, width));

        Assert.Equal((rows, columns), (box.Height, box.Width));
        Assert.InRange(box.Top, top - 2, top);
        Assert.InRange(box.Left, left - 1, left + 1);
    }

    [Fact]
    public void Angles_scales_shears_and_moves_are_uniform()
    {
        const int Count = 20_000;
        var shape = new ImageShape(3, 50, 100);
        var (rotation, affine) = (new RandomRotation(30), new RandomAffine(20, 0.1, 0.2, 0.5, 1.5, 10, 40));

        var draws = Enumerable.Range(0, Count).Select(index => affine.Draw(new(3, 1, index), shape)).ToList();

        AssertUniform(-30, 30, [.. Enumerable.Range(0, Count).Select(index => rotation.Draw(new(3, 1, index)))]);
        AssertUniform(-20, 20, [.. draws.Select(draw => draw.Angle)]);
        AssertUniform(0.5, 1.5, [.. draws.Select(draw => draw.Scale)]);
        AssertUniform(-10, 10, [.. draws.Select(draw => draw.Shear.X)]);
        AssertUniform(-40, 40, [.. draws.Select(draw => draw.Shear.Y)]);
        Assert.Equal(Enumerable.Range(-10, 21).Select(pixels => (double)pixels), draws.Select(draw => draw.Move.X).Distinct().Order());
        Assert.Equal(Enumerable.Range(-10, 21).Select(pixels => (double)pixels), draws.Select(draw => draw.Move.Y).Distinct().Order());

        static void AssertUniform(double low, double high, double[] values)
        {
            Assert.All(values, value => Assert.InRange(value, low, high));
            Assert.All(Enumerable.Range(0, 10), tenth => Assert.InRange(values.Count(value => (int)((value - low) / (high - low) * 10) == tenth), 1780, 2220));
        }
    }

    [Fact]
    public void Settings_out_of_range_are_told()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomRotation(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomRotation(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomRotation(1, fill: 256));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomAffine(0, translateX: 1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomAffine(0, minScale: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomAffine(0, minScale: 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomAffine(0, shearX: 90));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomResizedCrop(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomResizedCrop(8, minScale: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomResizedCrop(8, minRatio: 2));
    }

    [Fact]
    public void An_image_is_cut_once_and_sampled_once()
    {
        Assert.Contains("found both", Assert.Throws<ArgumentException>(() => new Augmentation(new RandomCrop(8), resizedCrop: new(8))).Message);
        Assert.Contains(
            "found Nearest, 0 and Bilinear, 0",
            Assert.Throws<ArgumentException>(() => new Augmentation(rotation: new(8), affine: new(1, interpolation: Bilinear))).Message);
    }

    private static (double X, double Y) Center(ImageShape shape) => ((shape.Width - 1) / 2.0, (shape.Height - 1) / 2.0);

    /// <summary>What is rounded to whole values lies within a half of the reference, which is not.</summary>
    private static void AssertReference(Augmentation augmentation, ImageShape shape, Func<byte[], RandomKey, double[]> reference)
    {
        for (var index = 0; index < 12; index++)
        {
            var image = Noise.Image(shape, index);
            var key = new RandomKey(11, 5, index);
            var values = new float[augmentation.OutputShape(shape).Count];
            augmentation.Apply(image, shape, values, key);

            var expected = reference(image, key);
            Assert.Equal(expected.Length, values.Length);
            for (var i = 0; i < values.Length; i++)
            {
                Assert.InRange((values[i] * 255) - expected[i], -0.501, 0.501);
            }
        }
    }
}

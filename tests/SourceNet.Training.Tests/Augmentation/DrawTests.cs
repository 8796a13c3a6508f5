namespace SourceNet.Training.Tests.Augmentations;

/// <summary>What transforms draw, over many samples. Tolerances are five standard deviations of the estimate, and the seeds are fixed.</summary>
public class DrawTests
{
    private const int Count = 20_000;

    private static readonly ImageShape s_shape = new(3, 32, 32);

    private static IEnumerable<RandomKey> Keys => Enumerable.Range(0, Count).Select(index => new RandomKey(17, 4, index));

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Images_are_mirrored_as_often_as_asked(double p)
    {
        var flip = new RandomHorizontalFlip(p);

        AssertShare(p, Keys.Count(flip.Draw));
    }

    [Fact]
    public void Every_place_of_a_crop_is_as_likely()
    {
        var crop = new RandomCrop(32, 4);

        var places = Keys.Select(key => crop.Draw(key, s_shape)).CountBy(place => place).ToList();

        Assert.Equal(81, places.Count);
        Assert.All(places, place =>
        {
            Assert.InRange(place.Key.Top, -4, 4);
            Assert.InRange(place.Key.Left, -4, 4);
            AssertShare(1.0 / 81, place.Value);
        });
    }

    [Fact]
    public void Color_factors_are_uniform_and_independent()
    {
        var jitter = new ColorJitter(0.2, 0.4, 3);

        var factors = Keys.Select(jitter.Draw).ToList();

        AssertUniform(0.8, 1.2, [.. factors.Select(factor => (double)factor.Brightness)]);
        AssertUniform(0.6, 1.4, [.. factors.Select(factor => (double)factor.Contrast)]);
        AssertUniform(0, 4, [.. factors.Select(factor => (double)factor.Saturation)]);
        var correlation = factors.Average(factor => (factor.Brightness - 1) * (factor.Contrast - 1)) / (0.4 / Math.Sqrt(12) * (0.8 / Math.Sqrt(12)));
        Assert.InRange(correlation, -5 / Math.Sqrt(Count), 5 / Math.Sqrt(Count));
    }

    [Fact]
    public void Erased_rectangles_have_the_area_and_the_ratio_asked_for_anywhere_in_the_image()
    {
        var erasing = new RandomErasing(0.6, 0.1, 0.3, 0.5, 2);

        var boxes = Keys.Select(key => erasing.Draw(key, s_shape)).Where(box => box != default).ToList();

        AssertShare(0.6, boxes.Count);
        Assert.All(boxes, box =>
        {
            Assert.InRange(box.Top, 0, 32 - box.Height);
            Assert.InRange(box.Left, 0, 32 - box.Width);
            // The sides are rounded to whole pixels.
            Assert.InRange((double)box.Area / s_shape.Pixels, 0.09, 0.32);
            Assert.InRange((double)box.Height / box.Width, 0.45, 2.2);
        });
        Assert.Equal(0.2, boxes.Average(box => (double)box.Area) / s_shape.Pixels, 0.005);
        Assert.Equal(0, boxes.Average(box => Math.Log((double)box.Height / box.Width)), 0.02);
        Assert.Equal(0.5, boxes.Average(box => (box.Top + (box.Height / 2.0)) / 32), 0.01);
        Assert.Equal(0.5, boxes.Average(box => (box.Left + (box.Width / 2.0)) / 32), 0.01);
    }

    [Fact]
    public void A_rectangle_that_never_fits_is_not_erased()
    {
        var erasing = new RandomErasing(1, 1, 1, 4, 4);

        Assert.Equal(default, erasing.Draw(new RandomKey(1, 2, 3), s_shape));
    }

    [Fact]
    public void Draws_of_neighboring_samples_epochs_and_seeds_are_independent()
    {
        var flip = new RandomHorizontalFlip();
        foreach (var next in new Func<RandomKey, RandomKey>[]
        {
            key => key with { Index = key.Index + 1 },
            key => key with { Epoch = key.Epoch + 1 },
            key => key with { Seed = key.Seed + 1 }
        })
        {
            AssertShare(0.5, Keys.Count(key => flip.Draw(key) == flip.Draw(next(key))));
        }
    }

    private static void AssertShare(double expected, int found)
    {
        var deviation = Math.Sqrt(Count * expected * (1 - expected));
        Assert.InRange(found, (Count * expected) - (5 * deviation), (Count * expected) + (5 * deviation));
    }

    private static void AssertUniform(double low, double high, double[] values)
    {
        Assert.All(values, value => Assert.InRange(value, low - 1e-6, high + 1e-6));
        foreach (var tenth in Enumerable.Range(0, 10))
        {
            AssertShare(0.1, values.Count(value => Math.Clamp((int)((value - low) / (high - low) * 10), 0, 9) == tenth));
        }
    }
}

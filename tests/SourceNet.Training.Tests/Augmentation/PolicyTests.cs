using static TorchSharp.torch;

namespace SourceNet.Training.Tests.Augmentations;

/// <summary>Policies: each change against a slow twin, and what is drawn against the papers' and torchvision's lists.</summary>
public class PolicyTests
{
    private const int Count = 14_000;

    private static readonly ImageShape s_shape = new(3, 33, 66);

    private static IEnumerable<RandomKey> Keys => Enumerable.Range(0, Count).Select(index => new RandomKey(17, 4, index));

    /// <summary>Every change, weak and strong.</summary>
    public static TheoryData<string, double> Steps
    {
        get
        {
            var steps = new TheoryData<string, double>();
            foreach (var (operation, magnitudes) in new (PolicyOperation, double[])[]
            {
                (PolicyOperation.Identity, [0]),
                // No slopes at which a pixel lies right between two others, and either may be taken.
                (PolicyOperation.ShearX, [-0.29, 0.97]),
                (PolicyOperation.ShearY, [0.29, -0.97]),
                (PolicyOperation.TranslateX, [-3.7, 5, 100]),
                (PolicyOperation.TranslateY, [3.7, -5, -100]),
                (PolicyOperation.Rotate, [17, -133]),
                (PolicyOperation.Brightness, [-0.99, 0.37, 0.9]),
                (PolicyOperation.Color, [-0.9, 0.41, 0.99]),
                (PolicyOperation.Contrast, [-0.9, 0.37, 0.99]),
                (PolicyOperation.Sharpness, [-0.9, 0.41, 0.99]),
                (PolicyOperation.Posterize, [8, 5, 2, 0]),
                (PolicyOperation.Solarize, [1, 0.43, 0]),
                (PolicyOperation.AutoContrast, [0]),
                (PolicyOperation.Equalize, [0]),
            })
            {
                foreach (var magnitude in magnitudes)
                {
                    steps.Add(operation.ToString(), magnitude);
                }
            }

            return steps;
        }
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void A_change_is_the_reference(string operation, double magnitude)
    {
        var step = new PolicyStep(Enum.Parse<PolicyOperation>(operation), magnitude);
        foreach (var shape in new ImageShape[] { new(3, 1, 1), new(1, 2, 5), new(3, 3, 3), new(1, 25, 31), new(3, 32, 32) })
        {
            foreach (var interpolation in new[] { ImageInterpolation.Nearest, ImageInterpolation.Bilinear })
            {
                // Dark images of few values too: stretched and equalized they change most.
                foreach (var image in new[] { Noise.Image(shape), [.. Noise.Image(shape, 2).Select(value => (byte)(20 + (value % 50)))],
                    [.. new byte[shape.Count]] })
                {
                    var changed = new byte[image.Length];
                    step.Apply(image, shape, changed, interpolation, 99);
                    var expected = Slow.Change(image, shape, step, interpolation, 99);
                    var isRounded = step.Operation is PolicyOperation.ShearX or PolicyOperation.ShearY or PolicyOperation.Rotate;
                    Assert.All(changed.Zip(expected), pair => Assert.InRange(pair.First - pair.Second, isRounded ? -0.501 : 0, isRounded ? 0.501 : 0));
                }
            }
        }
    }

    [Fact]
    public void RandAugment_draws_every_change_as_often_with_one_strength_to_both_sides()
    {
        var policy = new RandAugment(2, 15);

        var steps = Keys.SelectMany(key => policy.Draw(key, s_shape)).ToList();

        Assert.Equal(2 * Count, steps.Count);
        AssertDraws(steps, new()
        {
            [PolicyOperation.Identity] = [0],
            [PolicyOperation.ShearX] = [-0.15, 0.15],
            [PolicyOperation.ShearY] = [-0.15, 0.15],
            [PolicyOperation.TranslateX] = [-75.0 / 331 * 66, 75.0 / 331 * 66],
            [PolicyOperation.TranslateY] = [-75.0 / 331 * 33, 75.0 / 331 * 33],
            [PolicyOperation.Rotate] = [-15, 15],
            [PolicyOperation.Brightness] = [-0.45, 0.45],
            [PolicyOperation.Color] = [-0.45, 0.45],
            [PolicyOperation.Contrast] = [-0.45, 0.45],
            [PolicyOperation.Sharpness] = [-0.45, 0.45],
            [PolicyOperation.Posterize] = [6],
            [PolicyOperation.Solarize] = [0.5],
            [PolicyOperation.AutoContrast] = [0],
            [PolicyOperation.Equalize] = [0],
        });
    }

    [Fact]
    public void TrivialAugment_draws_every_change_as_often_with_any_of_31_strengths()
    {
        var policy = new TrivialAugment();

        var steps = Keys.Select(key => policy.Draw(key, s_shape)).ToList();

        AssertDraws(steps, new()
        {
            [PolicyOperation.Identity] = [0],
            [PolicyOperation.ShearX] = BothSides(0.99),
            [PolicyOperation.ShearY] = BothSides(0.99),
            [PolicyOperation.TranslateX] = BothSides(32),
            [PolicyOperation.TranslateY] = BothSides(32),
            [PolicyOperation.Rotate] = BothSides(135),
            [PolicyOperation.Brightness] = BothSides(0.99),
            [PolicyOperation.Color] = BothSides(0.99),
            [PolicyOperation.Contrast] = BothSides(0.99),
            [PolicyOperation.Sharpness] = BothSides(0.99),
            [PolicyOperation.Posterize] = [2, 3, 4, 5, 6, 7, 8],
            [PolicyOperation.Solarize] = [.. Enumerable.Range(0, 31).Select(level => level / 30.0)],
            [PolicyOperation.AutoContrast] = [0],
            [PolicyOperation.Equalize] = [0],
        });

        static double[] BothSides(double greatest) => [.. Enumerable.Range(-30, 61).Select(level => level / 30.0 * greatest)];
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AugMix_draws_from_its_list_up_to_its_severity(bool all)
    {
        var policy = new AugMix(severity: 4, width: 2, allOperations: all);

        var draws = Keys.Select(key => policy.Draw(key, s_shape)).ToList();

        var levels = Enumerable.Range(0, 4).Select(level => level / 9.0).ToArray();
        double[] BothSides(double greatest) => [.. levels.SelectMany(level => new[] { -level * greatest, level * greatest }).Distinct().Order()];
        Dictionary<PolicyOperation, double[]> expected = new()
        {
            [PolicyOperation.ShearX] = BothSides(0.3),
            [PolicyOperation.ShearY] = BothSides(0.3),
            [PolicyOperation.TranslateX] = BothSides(22),
            [PolicyOperation.TranslateY] = BothSides(11),
            [PolicyOperation.Rotate] = BothSides(30),
            [PolicyOperation.Posterize] = [3, 4],
            [PolicyOperation.Solarize] = [.. levels.Select(level => 1 - level).Order()],
            [PolicyOperation.AutoContrast] = [0],
            [PolicyOperation.Equalize] = [0],
        };
        foreach (var color in all ? new[] { PolicyOperation.Brightness, PolicyOperation.Color, PolicyOperation.Contrast, PolicyOperation.Sharpness } : [])
        {
            expected[color] = BothSides(0.9);
        }

        AssertDraws([.. draws.SelectMany(draw => draw.Chains).SelectMany(chain => chain.Steps)], expected);
        Assert.All(draws, draw => Assert.Equal(1, draw.Original + draw.Chains.Sum(chain => chain.Share), 1e-9));
        Assert.Equal(0.5, draws.Average(draw => draw.Original), 0.02);
        Assert.All([1, 2, 3], depth => Assert.InRange(draws.Count(draw => draw.Chains[1].Steps.Length == depth), (Count / 3) - 280, (Count / 3) + 280));
        Assert.All(Keys.Take(100), key => Assert.All(new AugMix(depth: 2).Draw(key, s_shape).Chains, chain => Assert.Equal(2, chain.Steps.Length)));
    }

    [Fact]
    public void Shares_of_a_Dirichlet_distribution_have_its_means_and_variances()
    {
        foreach (var alpha in new[] { 0.3, 1, 5 })
        {
            var shares = Keys.Select(key =>
            {
                var stream = key.Stream(RandomPurpose.Policy);
                return stream.Dirichlet(alpha, 4);
            }).ToList();

            Assert.All(Enumerable.Range(0, 4), place =>
            {
                Assert.Equal(0.25, shares.Average(share => share[place]), 0.012);
                Assert.Equal(0.25 * 0.75 / ((4 * alpha) + 1), shares.Average(share => Math.Pow(share[place] - 0.25, 2)), 0.006);
            });
        }
    }

    [Fact]
    public void Policies_are_their_steps_one_after_the_other()
    {
        var shape = new ImageShape(3, 16, 16);
        var (rand, trivial, mix) = (new RandAugment(3, 20, fill: 8), new TrivialAugment(), new AugMix(9, fill: 5));
        foreach (var key in Keys.Take(60))
        {
            var image = Noise.Image(shape, key.Index);
            Assert.Equal(Changed(rand.Draw(key, shape), rand), Applied(rand));
            Assert.Equal(Changed([trivial.Draw(key, shape)], trivial), Applied(trivial));

            var (original, chains) = mix.Draw(key, shape);
            var changed = chains.Select(chain => Changed(chain.Steps, mix)).ToList();
            var mixed = image.Select((value, at) => (original * value) + chains.Select((chain, number) => chain.Share * changed[number][at]).Sum());
            Assert.All(mixed.Zip(Applied(mix)), pair => Assert.InRange(pair.First - pair.Second, -0.501, 0.501));

            byte[] Changed(PolicyStep[] steps, AugmentationPolicy policy) => steps.Aggregate(image, (seen, step) =>
            {
                var next = new byte[seen.Length];
                step.Apply(seen, shape, next, policy.Interpolation, (byte)policy.Fill);
                return next;
            });

            byte[] Applied(AugmentationPolicy policy)
            {
                var output = new float[shape.Count];
                new Augmentation(policy: policy).Apply(image, shape, output, key);
                return [.. output.Select(value => (byte)Math.Round(value * 255))];
            }
        }
    }

    [Fact]
    public void A_policy_of_no_strength_or_no_change_leaves_an_image_alone()
    {
        using var images = Noise.Images(9, new ImageShape(3, 12, 12));
        using var plain = new Augmentation().Apply(images);
        using var none = new Augmentation(policy: new RandAugment(0)).Apply(images);

        Assert.Equal(plain, none);
    }

    [Fact]
    public void The_same_key_gives_the_same_image_on_any_number_of_threads()
    {
        using var images = Noise.Images(301, new ImageShape(3, 24, 24));
        foreach (var policy in new AugmentationPolicy[] { new RandAugment(), new TrivialAugment(), new AugMix() })
        {
            var augmentation = new Augmentation(resizedCrop: new(20), rotation: new(20), affine: new(5, 0.1, 0.1, 0.9, 1.1, 5), policy: policy);
            using var one = augmentation.Apply(images, seed: 7, epoch: 3);
            var before = get_num_threads();
            foreach (var threads in new[] { 1, 3 })
            {
                set_num_threads(threads);
                using var same = augmentation.Apply(images, seed: 7, epoch: 3);
                set_num_threads(before);
                Assert.Equal(one, same);
            }

            using var other = augmentation.Apply(images, seed: 7, epoch: 4);
            Assert.NotEqual(one, other);
        }
    }

    [Fact]
    public void Settings_and_images_that_do_not_fit_are_told()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandAugment(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandAugment(1, 31));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandAugment(1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TrivialAugment(fill: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AugMix(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AugMix(11));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AugMix(width: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AugMix(depth: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AugMix(alpha: 0));
        Assert.StartsWith(
            "TrivialAugment changes gray images or red, green and blue, and the images are [4, 8, 8].",
            Assert.Throws<ArgumentException>(() => new Augmentation(policy: new TrivialAugment()).OutputShape(new(4, 8, 8))).Message);
    }

    /// <summary>Every change as often as another, within five standard deviations, and with all of the expected magnitudes and no other.</summary>
    private static void AssertDraws(List<PolicyStep> steps, Dictionary<PolicyOperation, double[]> expected)
    {
        var (share, deviation) = (1.0 / expected.Count, Math.Sqrt(steps.Count * (1.0 / expected.Count)));
        Assert.Equal(expected.Keys.Order(), steps.Select(step => step.Operation).Distinct().Order());
        foreach (var drawn in steps.GroupBy(step => step.Operation))
        {
            Assert.InRange(drawn.Count(), (steps.Count * share) - (5 * deviation), (steps.Count * share) + (5 * deviation));
            // -0.0 is 0.
            var magnitudes = drawn.Select(step => Math.Round(step.Magnitude, 9) + 0.0).Distinct().Order().ToList();
            Assert.Equal(expected[drawn.Key].Select(magnitude => Math.Round(magnitude, 9) + 0.0).Distinct().Order(), magnitudes);
            if (drawn.Any(step => step.Magnitude < 0))
            {
                var (less, more) = (drawn.Count(step => step.Magnitude < 0), drawn.Count(step => step.Magnitude > 0));
                Assert.InRange(less - more, -5 * Math.Sqrt(less + more), 5 * Math.Sqrt(less + more));
            }
        }
    }
}

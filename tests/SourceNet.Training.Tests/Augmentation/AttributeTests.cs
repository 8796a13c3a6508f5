using System.Reflection;

namespace SourceNet.Training.Tests.Augmentations;

public partial class AttributeTests
{
    [Fact]
    public void What_is_declared_can_be_read()
    {
        var type = typeof(Declared);

        Assert.NotNull(type.GetCustomAttribute<AugmentationAttribute>());
        var crop = type.GetCustomAttribute<RandomCropAttribute>()!;
        Assert.Equal((32, 4), (crop.Size, crop.Padding));
        Assert.Equal(0.3, type.GetCustomAttribute<RandomHorizontalFlipAttribute>()!.P);
        var jitter = type.GetCustomAttribute<ColorJitterAttribute>()!;
        Assert.Equal((0.2, 0.4, 0.6), (jitter.Brightness, jitter.Contrast, jitter.Saturation));
        var erasing = type.GetCustomAttribute<RandomErasingAttribute>()!;
        Assert.Equal((0.25, 0.1, 0.2, 0.5, 2), (erasing.P, erasing.MinScale, erasing.MaxScale, erasing.MinRatio, erasing.MaxRatio));
        var normalize = type.GetCustomAttribute<NormalizeAttribute>()!;
        Assert.Equal([0.49, 0.48, 0.45], normalize.Mean);
        Assert.Equal([0.25, 0.24, 0.26], normalize.StandardDeviation);
    }

    [Fact]
    public void What_is_not_said_is_what_the_transforms_take_if_nothing_is_said()
    {
        var erasing = new RandomErasing();
        var said = new RandomErasingAttribute();

        Assert.Equal(
            (erasing.P, erasing.MinScale, erasing.MaxScale, erasing.MinRatio, erasing.MaxRatio),
            (said.P, said.MinScale, said.MaxScale, said.MinRatio, said.MaxRatio));
        Assert.Equal(new RandomHorizontalFlip().P, new RandomHorizontalFlipAttribute().P);
        Assert.Equal(new RandomCrop(8).Padding, new RandomCropAttribute(8).Padding);
    }

    [Fact]
    public void What_the_newer_attributes_do_not_say_is_what_their_transforms_take()
    {
        var (crop, saidCrop) = (new RandomResizedCrop(8), new RandomResizedCropAttribute(8));
        Assert.Equal(
            (crop.Size, crop.MinScale, crop.MaxScale, crop.MinRatio, crop.MaxRatio, crop.Interpolation),
            (saidCrop.Size, saidCrop.MinScale, saidCrop.MaxScale, saidCrop.MinRatio, saidCrop.MaxRatio, saidCrop.Interpolation));
        var (rotation, saidRotation) = (new RandomRotation(8), new RandomRotationAttribute(8));
        Assert.Equal((rotation.Degrees, rotation.Interpolation, rotation.Fill), (saidRotation.Degrees, saidRotation.Interpolation, saidRotation.Fill));
        var (affine, saidAffine) = (new RandomAffine(8), new RandomAffineAttribute(8));
        Assert.Equal(
            (affine.Degrees, affine.TranslateX, affine.TranslateY, affine.MinScale, affine.MaxScale, affine.ShearX, affine.ShearY, affine.Interpolation,
                affine.Fill),
            (saidAffine.Degrees, saidAffine.TranslateX, saidAffine.TranslateY, saidAffine.MinScale, saidAffine.MaxScale, saidAffine.ShearX, saidAffine.ShearY,
                saidAffine.Interpolation, saidAffine.Fill));
        var (rand, saidRand) = (new RandAugment(), new RandAugmentAttribute());
        Assert.Equal((rand.N, rand.M, rand.Interpolation, rand.Fill), (saidRand.N, saidRand.M, saidRand.Interpolation, saidRand.Fill));
        var (trivial, saidTrivial) = (new TrivialAugment(), new TrivialAugmentAttribute());
        Assert.Equal((trivial.Interpolation, trivial.Fill), (saidTrivial.Interpolation, saidTrivial.Fill));
        var (mix, saidMix) = (new AugMix(), new AugMixAttribute());
        Assert.Equal(
            (mix.Severity, mix.Width, mix.Depth, mix.Alpha, mix.AllOperations, mix.Interpolation, mix.Fill),
            (saidMix.Severity, saidMix.Width, saidMix.Depth, saidMix.Alpha, saidMix.AllOperations, saidMix.Interpolation, saidMix.Fill));
    }

    [Fact]
    public void Declared_geometry_and_policies_are_what_the_object_does()
    {
        using var images = TorchSharp.torch.randint(0, 256, [16, 3, 24, 20], dtype: TorchSharp.torch.ScalarType.Byte);

        AssertSame(
            new Turned(),
            new Augmentation(
                resizedCrop: new(16, 0.3, 0.9, 0.5, 2, ImageInterpolation.Nearest),
                rotation: new(30, ImageInterpolation.Bilinear, 7),
                affine: new(10, 0.1, 0.2, 0.8, 1.3, 5, 6, ImageInterpolation.Bilinear, 7),
                policy: new RandAugment(3, 12, ImageInterpolation.Bilinear, 9)));
        AssertSame(new Trivial(), new Augmentation(policy: new TrivialAugment(ImageInterpolation.Bilinear, 1)));
        AssertSame(new Mixed(), new Augmentation(policy: new AugMix(5, 2, 1, 0.5, false, ImageInterpolation.Nearest, 3)));

        void AssertSame(Augmentation declared, Augmentation written)
        {
            using var expected = written.Apply(images, seed: 3, epoch: 2);
            using var actual = declared.Apply(images, seed: 3, epoch: 2);
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void What_is_declared_is_what_the_object_does()
    {
        var augmentation = new Declared();
        using var images = TorchSharp.torch.randint(0, 256, [16, 3, 32, 32], dtype: TorchSharp.torch.ScalarType.Byte);

        var written = new Augmentation(
            new RandomCrop(32, 4),
            new RandomHorizontalFlip(0.3),
            new ColorJitter(0.2, 0.4, 0.6),
            new Normalize([0.49, 0.48, 0.45], [0.25, 0.24, 0.26]),
            new RandomErasing(0.25, 0.1, 0.2, 0.5, 2));
        using var expected = written.Apply(images, seed: 3, epoch: 2);
        using var actual = augmentation.Apply(images, seed: 3, epoch: 2);
        Assert.Equal(expected.data<float>().ToArray(), actual.data<float>().ToArray());
        using var other = new Augmentation(normalize: augmentation.Normalize).Apply(images, seed: 3, epoch: 2);
        Assert.NotEqual(expected.data<float>().ToArray(), other.data<float>().ToArray());
    }

    [Augmentation, RandomCrop(32, Padding = 4), RandomHorizontalFlip(0.3), ColorJitter(Brightness = 0.2, Contrast = 0.4, Saturation = 0.6)]
    [RandomErasing(0.25, MinScale = 0.1, MaxScale = 0.2, MinRatio = 0.5, MaxRatio = 2)]
    [Normalize([0.49, 0.48, 0.45], [0.25, 0.24, 0.26])]
    private sealed partial class Declared;

    [Augmentation, RandomResizedCrop(16, MinScale = 0.3, MaxScale = 0.9, MinRatio = 0.5, MaxRatio = 2, Interpolation = ImageInterpolation.Nearest)]
    [RandomRotation(30, Interpolation = ImageInterpolation.Bilinear, Fill = 7), RandAugment(3, 12, Interpolation = ImageInterpolation.Bilinear, Fill = 9)]
    [RandomAffine(
        10, TranslateX = 0.1, TranslateY = 0.2, MinScale = 0.8, MaxScale = 1.3, ShearX = 5, ShearY = 6, Interpolation = ImageInterpolation.Bilinear, Fill = 7)]
    private sealed partial class Turned;

    [Augmentation, TrivialAugment(Interpolation = ImageInterpolation.Bilinear, Fill = 1)]
    private sealed partial class Trivial;

    [Augmentation, AugMix(Severity = 5, Width = 2, Depth = 1, Alpha = 0.5, AllOperations = false, Interpolation = ImageInterpolation.Nearest, Fill = 3)]
    private sealed partial class Mixed;
}

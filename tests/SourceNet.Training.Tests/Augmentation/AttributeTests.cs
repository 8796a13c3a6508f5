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

        Assert.Equal((erasing.P, erasing.MinScale, erasing.MaxScale, erasing.MinRatio, erasing.MaxRatio), (said.P, said.MinScale, said.MaxScale, said.MinRatio, said.MaxRatio));
        Assert.Equal(new RandomHorizontalFlip().P, new RandomHorizontalFlipAttribute().P);
        Assert.Equal(new RandomCrop(8).Padding, new RandomCropAttribute(8).Padding);
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
}

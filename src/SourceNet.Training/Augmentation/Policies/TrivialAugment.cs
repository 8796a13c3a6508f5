namespace SourceNet.Training;

/// <summary>
/// Makes one change, drawn from fourteen, of a random strength: nothing to choose (Müller and Hutter 2021, https://arxiv.org/abs/2103.10158). Changes and
/// strengths are the wide ones, those of torchvision's <c>TrivialAugmentWide</c>.
/// </summary>
/// <param name="interpolation">What the pixels of turned, sheared and moved images are made of.</param>
/// <param name="fill">What comes in from outside, 0 to 255.</param>
/// <exception cref="ArgumentOutOfRangeException">No value of a pixel.</exception>
public sealed class TrivialAugment(ImageInterpolation interpolation = ImageInterpolation.Nearest, int fill = 0) : AugmentationPolicy(interpolation, fill)
{
    /// <summary>The strengths are 0, 1/30, ... 1 of the range.</summary>
    private const int Levels = 30;

    private static readonly OperationRange[] s_space =
    [
        OperationRange.Plain(PolicyOperation.Identity),
        OperationRange.UpTo(PolicyOperation.ShearX, 0.99),
        OperationRange.UpTo(PolicyOperation.ShearY, 0.99),
        OperationRange.UpTo(PolicyOperation.TranslateX, 32),
        OperationRange.UpTo(PolicyOperation.TranslateY, 32),
        OperationRange.UpTo(PolicyOperation.Rotate, 135),
        OperationRange.UpTo(PolicyOperation.Brightness, 0.99),
        OperationRange.UpTo(PolicyOperation.Color, 0.99),
        OperationRange.UpTo(PolicyOperation.Contrast, 0.99),
        OperationRange.UpTo(PolicyOperation.Sharpness, 0.99),
        OperationRange.Posterize(8, 6),
        OperationRange.Solarize(),
        OperationRange.Plain(PolicyOperation.AutoContrast),
        OperationRange.Plain(PolicyOperation.Equalize),
    ];

    internal override void Apply(Span<byte> image, ImageShape shape, RandomKey key) => Apply([Draw(key, shape)], image, shape);

    internal PolicyStep Draw(RandomKey key, ImageShape shape)
    {
        var stream = key.Stream(RandomPurpose.Policy);
        var range = s_space[stream.Below(s_space.Length)];
        return range.At((double)stream.Below(Levels + 1) / Levels, shape, ref stream);
    }
}

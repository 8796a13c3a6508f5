namespace SourceNet.Training;

/// <summary>
/// Makes n changes one after the other, each drawn from fourteen, all of one strength m (Cubuk et al. 2019, https://arxiv.org/abs/1909.13719). Changes and
/// strengths are those of torchvision's <c>RandAugment</c>.
/// </summary>
public sealed class RandAugment : AugmentationPolicy
{
    private static readonly OperationRange[] s_space =
    [
        OperationRange.Plain(PolicyOperation.Identity),
        OperationRange.UpTo(PolicyOperation.ShearX, 0.3),
        OperationRange.UpTo(PolicyOperation.ShearY, 0.3),
        OperationRange.UpTo(PolicyOperation.TranslateX, shape => 150.0 / 331 * shape.Width),
        OperationRange.UpTo(PolicyOperation.TranslateY, shape => 150.0 / 331 * shape.Height),
        OperationRange.UpTo(PolicyOperation.Rotate, 30),
        OperationRange.UpTo(PolicyOperation.Brightness, 0.9),
        OperationRange.UpTo(PolicyOperation.Color, 0.9),
        OperationRange.UpTo(PolicyOperation.Contrast, 0.9),
        OperationRange.UpTo(PolicyOperation.Sharpness, 0.9),
        OperationRange.Posterize(8, 4),
        OperationRange.Solarize(),
        OperationRange.Plain(PolicyOperation.AutoContrast),
        OperationRange.Plain(PolicyOperation.Equalize),
    ];

    /// <param name="n">The number of changes, at least 0.</param>
    /// <param name="m">Their strength, a whole number from 0 to 30: the level m/30 of each change's range.</param>
    /// <param name="interpolation">What the pixels of turned, sheared and moved images are made of.</param>
    /// <param name="fill">What comes in from outside, 0 to 255.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number out of its range.</exception>
    public RandAugment(int n = 2, int m = 9, ImageInterpolation interpolation = ImageInterpolation.Nearest, int fill = 0)
        : base(interpolation, fill)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        ArgumentOutOfRangeException.ThrowIfNegative(m);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(m, Levels);
        (N, M) = (n, m);
    }

    /// <summary>The number of changes.</summary>
    public int N { get; }

    /// <summary>Their strength, 0 to 30.</summary>
    public int M { get; }

    /// <summary>The greatest strength.</summary>
    internal static int Levels => 30;

    internal override void Apply(Span<byte> image, ImageShape shape, RandomKey key) => Apply(Draw(key, shape), image, shape);

    internal PolicyStep[] Draw(RandomKey key, ImageShape shape)
    {
        var stream = key.Stream(RandomPurpose.Policy);
        var steps = new PolicyStep[N];
        for (var step = 0; step < steps.Length; step++)
        {
            steps[step] = s_space[stream.Below(s_space.Length)].At((double)M / Levels, shape, ref stream);
        }

        return steps;
    }
}

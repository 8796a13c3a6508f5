using System.Buffers;

namespace SourceNet.Training;

/// <summary>
/// Mixes an image with several changed ones, each by one to three changes in a row (Hendrycks et al. 2019, https://arxiv.org/abs/1912.02781). Changes and
/// strengths are those of torchvision's <c>AugMix</c>; the mixture is rounded to whole values. What the paper adds to the loss is not part of it.
/// </summary>
public sealed class AugMix : AugmentationPolicy
{
    /// <summary>Strengths are levels of nine steps from none to all of a range, of which the severity says how many may be drawn.</summary>
    private const int Steps = 9;

    private static readonly OperationRange[] s_colors =
    [
        OperationRange.UpTo(PolicyOperation.Brightness, 0.9),
        OperationRange.UpTo(PolicyOperation.Color, 0.9),
        OperationRange.UpTo(PolicyOperation.Contrast, 0.9),
        OperationRange.UpTo(PolicyOperation.Sharpness, 0.9),
    ];

    private static readonly OperationRange[] s_partial =
    [
        OperationRange.UpTo(PolicyOperation.ShearX, 0.3),
        OperationRange.UpTo(PolicyOperation.ShearY, 0.3),
        OperationRange.UpTo(PolicyOperation.TranslateX, shape => shape.Width / 3.0),
        OperationRange.UpTo(PolicyOperation.TranslateY, shape => shape.Height / 3.0),
        OperationRange.UpTo(PolicyOperation.Rotate, 30),
        OperationRange.Posterize(4, 4),
        OperationRange.Solarize(),
        OperationRange.Plain(PolicyOperation.AutoContrast),
        OperationRange.Plain(PolicyOperation.Equalize),
    ];

    private static readonly OperationRange[] s_all = [.. s_partial, .. s_colors];

    /// <param name="severity">How strong changes may be, a whole number from 1 to 10: a level is drawn from 0, 1/9, ... (severity − 1)/9.</param>
    /// <param name="width">The number of changed images, at least 1.</param>
    /// <param name="depth">The number of changes in a row; 0 for one to three, drawn for each of the images.</param>
    /// <param name="alpha">α of the Beta and Dirichlet distributions of the shares, above 0.</param>
    /// <param name="allOperations">Whether brightness, color, contrast and sharpness are changed too, which the corruptions of ImageNet-C do.</param>
    /// <param name="interpolation">What the pixels of turned, sheared and moved images are made of.</param>
    /// <param name="fill">What comes in from outside, 0 to 255.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number out of its range.</exception>
    public AugMix(
        int severity = 3,
        int width = 3,
        int depth = 0,
        double alpha = 1,
        bool allOperations = true,
        ImageInterpolation interpolation = ImageInterpolation.Bilinear,
        int fill = 0)
        : base(interpolation, fill)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(severity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(severity, Steps + 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(depth);
        (Severity, Width, Depth, Alpha, AllOperations) = (severity, width, depth, MixedTargets.CheckAlpha(alpha), allOperations);
    }

    /// <summary>How strong changes may be, 1 to 10.</summary>
    public int Severity { get; }

    /// <summary>The number of changed images.</summary>
    public int Width { get; }

    /// <summary>The number of changes in a row; 0 for one to three.</summary>
    public int Depth { get; }

    /// <summary>α of the Beta and Dirichlet distributions of the shares.</summary>
    public double Alpha { get; }

    /// <summary>Whether brightness, color, contrast and sharpness are changed too.</summary>
    public bool AllOperations { get; }

    internal override void Apply(Span<byte> image, ImageShape shape, RandomKey key)
    {
        var (original, chains) = Draw(key, shape);
        var changed = ArrayPool<byte>.Shared.Rent(shape.Count);
        var sums = ArrayPool<float>.Shared.Rent(shape.Count);
        for (var place = 0; place < shape.Count; place++)
        {
            sums[place] = (float)original * image[place];
        }

        foreach (var (share, steps) in chains)
        {
            var copy = changed.AsSpan(0, shape.Count);
            image.CopyTo(copy);
            Apply(steps, copy, shape);
            for (var place = 0; place < copy.Length; place++)
            {
                sums[place] += (float)share * copy[place];
            }
        }

        for (var place = 0; place < shape.Count; place++)
        {
            image[place] = (byte)Math.Min(255, sums[place] + 0.5f);
        }

        ArrayPool<float>.Shared.Return(sums);
        ArrayPool<byte>.Shared.Return(changed);
    }

    /// <summary>The share of the image as it is, and those of the changed ones with what changes them. They sum up to 1.</summary>
    internal (double Original, (double Share, PolicyStep[] Steps)[] Chains) Draw(RandomKey key, ImageShape shape)
    {
        var space = AllOperations ? s_all : s_partial;
        var stream = key.Stream(RandomPurpose.Policy);
        var original = stream.Beta(Alpha);
        var shares = stream.Dirichlet(Alpha, Width);
        var chains = new (double, PolicyStep[])[Width];
        for (var chain = 0; chain < chains.Length; chain++)
        {
            var steps = new PolicyStep[Depth > 0 ? Depth : 1 + stream.Below(3)];
            for (var step = 0; step < steps.Length; step++)
            {
                var range = space[stream.Below(space.Length)];
                steps[step] = range.At((double)stream.Below(Severity) / Steps, shape, ref stream);
            }

            chains[chain] = ((1 - original) * shares[chain], steps);
        }

        return (original, chains);
    }
}

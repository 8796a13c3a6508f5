using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>
/// Pastes into each image of a batch a rectangle of another, and mixes the targets by area (Yun et al. 2019): the rectangle has the share 1 − λ of the area,
/// λ of the Beta(α, α) distribution, its center anywhere; what lies outside of the image is cut off.
/// </summary>
public sealed class CutMix
{
    private readonly MixedTargets targets;

    /// <param name="alpha">α, above 0. With 1 every share is as likely.</param>
    /// <param name="classes">The number of classes.</param>
    /// <exception cref="ArgumentOutOfRangeException">An α that is not above 0 and finite, or no class.</exception>
    public CutMix(double alpha, int classes)
    {
        Alpha = MixedTargets.CheckAlpha(alpha);
        targets = new MixedTargets(classes);
    }

    /// <summary>α of the Beta distribution.</summary>
    public double Alpha { get; }

    /// <summary>The number of classes.</summary>
    public int Classes => targets.Classes;

    /// <summary>Mixes a batch.</summary>
    /// <param name="images">Floats <c>[N, C, H, W]</c> on any device. They stay as they are.</param>
    /// <param name="labels">The classes, Int64 <c>[N]</c> on the same device.</param>
    /// <param name="key">What the draw depends on: <see cref="ImageBatch.Key"/>.</param>
    /// <returns>New images, and the probabilities of the classes <c>[N, classes]</c>, of the images' type. They belong to the caller.</returns>
    /// <exception cref="ArgumentException">The shapes or types do not fit.</exception>
    public (Tensor Images, Tensor Targets) Apply(Tensor images, Tensor labels, RandomKey key)
    {
        MixedTargets.Check(images, labels, rank: 4);
        using var scope = NewDisposeScope();
        var stream = key.Stream(RandomPurpose.CutMix);
        var shape = new ImageShape((int)images.size(1), (int)images.size(2), (int)images.size(3));
        var box = Draw(ref stream, shape);
        var partners = MixedTargets.Partners(ref stream, images);
        var mixed = images.clone();
        Part(mixed, box).copy_(Part(images, box).index_select(0, partners));
        var share = 1 - ((double)box.Area / shape.Pixels);
        return (mixed.MoveToOuterDisposeScope(), targets.Of(labels, partners, share, images.dtype).MoveToOuterDisposeScope());
    }

    private Box Draw(ref RandomStream stream, ImageShape shape)
    {
        var side = Math.Sqrt(1 - stream.Beta(Alpha));
        var (top, bottom) = Cut(ref stream, shape.Height, side);
        var (left, right) = Cut(ref stream, shape.Width, side);
        return new Box(top, left, bottom - top, right - left);
    }

    private static (int Start, int End) Cut(ref RandomStream stream, int length, double share)
    {
        var part = (int)(length * share);
        var start = stream.Below(length) - (part / 2);
        return (Math.Max(0, start), Math.Min(length, start + part));
    }

    private static Tensor Part(Tensor images, Box box) => images.narrow(2, box.Top, box.Height).narrow(3, box.Left, box.Width);
}

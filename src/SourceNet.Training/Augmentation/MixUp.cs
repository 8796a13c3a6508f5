using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>
/// Mixes each image of a batch, and its target, with another: <c>λ · x + (1 − λ) · x'</c>, one λ of the Beta(α, α) distribution for the batch (Zhang et al.
/// 2018).
/// </summary>
public sealed class MixUp
{
    private readonly MixedTargets targets;

    /// <param name="alpha">α, above 0: λ is near 0 and 1 if it is small, near 1/2 if it is large.</param>
    /// <param name="classes">The number of classes.</param>
    /// <exception cref="ArgumentOutOfRangeException">An α that is not above 0 and finite, or no class.</exception>
    public MixUp(double alpha, int classes)
    {
        Alpha = MixedTargets.CheckAlpha(alpha);
        targets = new MixedTargets(classes);
    }

    /// <summary>α of the Beta distribution.</summary>
    public double Alpha { get; }

    /// <summary>The number of classes.</summary>
    public int Classes => targets.Classes;

    /// <summary>Mixes a batch.</summary>
    /// <param name="images">Floats <c>[N, ...]</c> on any device. They stay as they are.</param>
    /// <param name="labels">The classes, Int64 <c>[N]</c> on the same device.</param>
    /// <param name="key">What the draw depends on: <see cref="ImageBatch.Key"/>.</param>
    /// <returns>New images, and the probabilities of the classes <c>[N, classes]</c>, of the images' type. They belong to the caller.</returns>
    /// <exception cref="ArgumentException">The shapes or types do not fit.</exception>
    public (Tensor Images, Tensor Targets) Apply(Tensor images, Tensor labels, RandomKey key)
    {
        MixedTargets.Check(images, labels, rank: 2);
        using var scope = NewDisposeScope();
        var stream = key.Stream(RandomPurpose.MixUp);
        var share = stream.Beta(Alpha);
        var partners = MixedTargets.Partners(ref stream, images);
        var weight = tensor(share, images.dtype, images.device);
        var mixed = lerp(images.index_select(0, partners), images, weight);
        return (mixed.MoveToOuterDisposeScope(), targets.Of(labels, partners, share, images.dtype).MoveToOuterDisposeScope());
    }
}

using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>The targets of images that are mixed from two.</summary>
internal sealed class MixedTargets
{
    internal MixedTargets(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        Classes = classes;
    }

    internal int Classes { get; }

    internal static double CheckAlpha(double alpha) => alpha > 0 && double.IsFinite(alpha)
        ? alpha
        : throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "The parameter of the Beta distribution must be above 0 and finite.");

    internal static void Check(Tensor images, Tensor labels, int rank)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(labels);
        if (images.ndim < rank || !images.is_floating_point())
        {
            throw new ArgumentException(
                $"Expected images of floats with at least {rank} axes, found {images.dtype} [{string.Join(", ", images.shape)}].",
                nameof(images));
        }

        if (labels.ndim != 1 || labels.dtype != ScalarType.Int64 || labels.size(0) != images.size(0))
        {
            throw new ArgumentException(
                $"Expected classes of type Int64 for {images.size(0)} images, found {labels.dtype} [{string.Join(", ", labels.shape)}].",
                nameof(labels));
        }
    }

    /// <summary>Whom each image is mixed with: a permutation of the batch.</summary>
    internal static Tensor Partners(ref RandomStream stream, Tensor images) =>
        tensor(Array.ConvertAll(stream.Permutation(checked((int)images.size(0))), index => (long)index), device: images.device);

    /// <param name="labels">The classes <c>[N]</c>.</param>
    /// <param name="partners">Whom each image is mixed with, <c>[N]</c>.</param>
    /// <param name="share">How much of an image is its own.</param>
    /// <param name="type">Of the result.</param>
    /// <returns>The probabilities <c>[N, classes]</c>.</returns>
    internal Tensor Of(Tensor labels, Tensor partners, double share, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var own = nn.functional.one_hot(labels, Classes).to(type);
        var weight = tensor(share, type, labels.device);
        return lerp(own.index_select(0, partners), own, weight).MoveToOuterDisposeScope();
    }
}

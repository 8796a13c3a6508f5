using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>
/// Regularized dropout: two forward passes over one batch, with different dropout masks, must give similar probabilities
/// (Liang et al. 2021, <see href="https://arxiv.org/abs/2106.14448"/>).
/// </summary>
/// <example><code>
/// var (first, second) = (model.call(images), model.call(images));
/// var loss = (model.Loss(first, labels) + model.Loss(second, labels)) / 2 + RDrop.Loss(first, second, weight: 1);
/// </code></example>
public static class RDrop
{
    /// <summary>
    /// The divergence between the two passes, <c>weight · ½ · (KL(p‖q) + KL(q‖p))</c> with the softmax probabilities p and q: summed over the classes, the
    /// mean over all else. It adds to the mean of both passes' losses. Gradients flow into both.
    /// </summary>
    /// <param name="first">Finite logits of the first pass, <c>[N, C]</c> or <c>[N, C, ...]</c>.</param>
    /// <param name="second">Those of the second pass, of the same shape.</param>
    /// <param name="weight">The weight of the divergence, above 0.</param>
    /// <param name="classAxis">Where the classes are: 1, and −1 for language models, <c>[N, T, C]</c>.</param>
    /// <returns>A scalar, in float32 if the logits have half precision. It belongs to the caller.</returns>
    /// <exception cref="ArgumentException">The shapes or types differ, or there is no such axis.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A weight that is not above 0 and finite.</exception>
    public static Tensor Loss(Tensor first, Tensor second, double weight, int classAxis = 1)
    {
        Check(first, second, weight, classAxis);
        using var scope = NewDisposeScope();
        var (p, q) = (LogProbabilities(first, classAxis), LogProbabilities(second, classAxis));
        var rows = (double)first.numel() / first.size(classAxis);
        using var factor = (weight / 2 / rows).ToScalar();
        // p (log p − log q) + q (log q − log p)
        return p.exp().sub(q.exp()).mul(p.sub(q)).sum().mul(factor).MoveToOuterDisposeScope();
    }

    private static Tensor LogProbabilities(Tensor logits, int classAxis)
    {
        var wide = logits.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? logits.to(ScalarType.Float32) : logits;
        return nn.functional.log_softmax(wide, classAxis);
    }

    private static void Check(Tensor first, Tensor second, double weight, int classAxis)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (!(weight > 0 && double.IsFinite(weight)))
        {
            throw new ArgumentOutOfRangeException(nameof(weight), weight, "The weight must be above 0 and finite.");
        }

        if (first.dtype != second.dtype || !first.shape.AsSpan().SequenceEqual(second.shape))
        {
            throw new ArgumentException($"Expected logits of one type and shape, found {Text(first)} and {Text(second)}.", nameof(second));
        }

        if (first.ndim < 2 || classAxis >= first.ndim || classAxis < -first.ndim)
        {
            throw new ArgumentException($"Expected logits with classes on axis {classAxis}, and at least two axes, found {Text(first)}.", nameof(first));
        }
    }

    private static string Text(Tensor tensor) => $"{tensor.dtype} [{string.Join(", ", tensor.shape)}]";
}

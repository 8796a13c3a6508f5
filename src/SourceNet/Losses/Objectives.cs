using SourceNet.Kernels.CrossEntropy;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>The objectives of declared models: each is the mean over the batch, a scalar to call <c>backward()</c> on.</summary>
/// <remarks>Shapes must agree exactly. TorchSharp would broadcast <c>[N, 1]</c> against <c>[N]</c> to <c>[N, N]</c> and compute a mean of something else.</remarks>
public static class Objectives
{
    /// <summary>
    /// Softmax cross-entropy, <c>−Σ q · log softmax(logits)</c>, with <c>q = (1 − ε) · target + ε / C</c> (Szegedy et al. 2016).
    /// </summary>
    /// <param name="logits">One number for each of C classes: <c>[N, C]</c>, or <c>[N, C, ...]</c> for a prediction at each place.</param>
    /// <param name="targets">Class indices (Int64), the shape of the logits without the axis of classes; or probabilities, the shape of the logits.</param>
    /// <param name="labelSmoothing">ε, in [0, 1).</param>
    /// <param name="weight">A weight for each class, <c>[C]</c>: a rare class counts more. Null for 1.</param>
    /// <param name="ignoreIndex">Places whose class index is this do not count: padding.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or the targets are neither Int64 nor of the logits' type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">ε outside [0, 1), or a class index that is none.</exception>
    public static Tensor CrossEntropy(Tensor logits, Tensor targets, double labelSmoothing = 0, Tensor? weight = null, long ignoreIndex = -100)
    {
        CheckArguments(logits, targets);
        CheckSmoothing(labelSmoothing);
        if (logits.ndim < 2)
        {
            throw new ArgumentException($"Cross-entropy takes logits [N, C, ...], and these are {Shapes.Text(logits.shape)}.", nameof(logits));
        }

        CheckClasses(logits, targets, weight, classAxis: 1);
        return logits.ndim == 2
            ? CrossEntropyOperation.Mean(logits, targets, weight, labelSmoothing, ignoreIndex)
            : nn.functional.cross_entropy(logits, targets, weight: weight, ignore_index: ignoreIndex, label_smoothing: labelSmoothing);
    }

    /// <summary>Softmax cross-entropy as in <see cref="CrossEntropy"/> with the classes on the last axis, as language models give them. Nothing is copied if the logits are contiguous.</summary>
    /// <param name="logits"><c>[N, T, C]</c>, with any number of axes before the classes.</param>
    /// <param name="targets">Class indices (Int64), <c>[N, T]</c>; or probabilities, the shape of the logits.</param>
    /// <param name="labelSmoothing">ε, in [0, 1).</param>
    /// <param name="weight">A weight for each class, <c>[C]</c>: a rare class counts more. Null for 1.</param>
    /// <param name="ignoreIndex">Places whose class index is this do not count: padding.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or the targets are neither Int64 nor of the logits' type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">ε outside [0, 1), or a class index that is none.</exception>
    public static Tensor SequenceCrossEntropy(Tensor logits, Tensor targets, double labelSmoothing = 0, Tensor? weight = null, long ignoreIndex = -100)
    {
        CheckArguments(logits, targets);
        CheckSmoothing(labelSmoothing);
        var rank = (int)logits.ndim;
        if (rank < 2)
        {
            throw new ArgumentException($"Sequence cross-entropy takes logits [N, T, C], and these are {Shapes.Text(logits.shape)}.", nameof(logits));
        }

        CheckClasses(logits, targets, weight, classAxis: rank - 1);
        var classes = logits.size(rank - 1);
        using var flatLogits = logits.reshape(-1, classes);
        using var flatTargets = IsIndex(targets) ? targets.reshape(-1) : targets.reshape(-1, classes);
        return CrossEntropyOperation.Mean(flatLogits, flatTargets, weight, labelSmoothing, ignoreIndex);
    }

    /// <summary>Sigmoid cross-entropy, <c>−t · log σ(x) − (1 − t) · log(1 − σ(x))</c>, computed from the logits without overflow.</summary>
    /// <param name="logits">Numbers of any shape, before the sigmoid.</param>
    /// <param name="targets">Of the same shape: values in [0, 1]; Bool and integer types are converted.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Tensor BinaryCrossEntropy(Tensor logits, Tensor targets)
    {
        CheckSame(logits, targets);
        using var converted = targets.to(logits.dtype);
        return nn.functional.binary_cross_entropy_with_logits(logits, converted);
    }

    /// <summary><c>(y − t)²</c></summary>
    /// <param name="predictions">y, of any shape.</param>
    /// <param name="targets">t, of the same shape.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Tensor MeanSquaredError(Tensor predictions, Tensor targets)
    {
        CheckSame(predictions, targets);
        using var converted = targets.to(predictions.dtype);
        return nn.functional.mse_loss(predictions, converted);
    }

    /// <summary><c>|y − t|</c></summary>
    /// <param name="predictions">y, of any shape.</param>
    /// <param name="targets">t, of the same shape.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Tensor MeanAbsoluteError(Tensor predictions, Tensor targets)
    {
        CheckSame(predictions, targets);
        using var converted = targets.to(predictions.dtype);
        return nn.functional.l1_loss(predictions, converted);
    }

    /// <summary><c>(y − t)² / 2</c> where <c>|y − t| ≤ δ</c>, else <c>δ · (|y − t| − δ / 2)</c> (Huber 1964).</summary>
    /// <param name="predictions">y, of any shape.</param>
    /// <param name="targets">t, of the same shape.</param>
    /// <param name="delta">δ, above 0.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">δ is not above 0.</exception>
    public static Tensor Huber(Tensor predictions, Tensor targets, double delta = 1)
    {
        CheckSame(predictions, targets);
        if (!(delta > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(delta), delta, "The width of the quadratic part must be above 0.");
        }

        using var converted = targets.to(predictions.dtype);
        return nn.functional.huber_loss(predictions, converted, delta);
    }

    private static bool IsIndex(Tensor targets) => targets.dtype == ScalarType.Int64;

    private static void CheckArguments(Tensor predictions, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(targets);
    }

    private static void CheckSmoothing(double labelSmoothing)
    {
        if (labelSmoothing is not (>= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(labelSmoothing), labelSmoothing, "Label smoothing must be at least 0 and below 1.");
        }
    }

    private static void CheckClasses(Tensor logits, Tensor targets, Tensor? weight, int classAxis)
    {
        if (weight is not null && (weight.ndim != 1 || weight.size(0) != logits.size(classAxis)))
        {
            throw new ArgumentException($"There are {logits.size(classAxis)} classes, and the weights are {Shapes.Text(weight.shape)}.", nameof(weight));
        }

        if (!IsIndex(targets) && targets.dtype != logits.dtype)
        {
            throw new ArgumentException($"Targets are class indices of type Int64 or probabilities of the logits' type {logits.dtype}, and these are {targets.dtype}.", nameof(targets));
        }

        long[] expected = IsIndex(targets) ? [.. logits.shape.Where((_, axis) => axis != classAxis)] : logits.shape;
        if (!targets.shape.AsSpan().SequenceEqual(expected))
        {
            var what = IsIndex(targets) ? "class indices" : "probabilities";
            throw new ArgumentException($"Logits {Shapes.Text(logits.shape)} ask for {what} {Shapes.Text(expected)}, and the targets are {Shapes.Text(targets.shape)}.", nameof(targets));
        }
    }

    private static void CheckSame(Tensor predictions, Tensor targets)
    {
        CheckArguments(predictions, targets);
        if (!predictions.shape.AsSpan().SequenceEqual(targets.shape))
        {
            throw new ArgumentException($"The predictions are {Shapes.Text(predictions.shape)} and the targets {Shapes.Text(targets.shape)}: the shapes must be equal.", nameof(targets));
        }
    }
}

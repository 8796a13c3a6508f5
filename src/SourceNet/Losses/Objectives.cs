using SourceNet.Kernels.CrossEntropy;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>The objectives of declared models: each is the mean over the batch, a scalar to call <c>backward()</c> on.</summary>
/// <remarks>
/// Shapes must agree exactly. TorchSharp would broadcast <c>[N, 1]</c> against <c>[N]</c> to <c>[N, N]</c> and compute a mean of something else.
/// </remarks>
public static class Objectives
{
    /// <summary>What PyTorch ignores if nothing is said: not the index of any class.</summary>
    private const long NoIndex = -100;

    /// <summary>
    /// Softmax cross-entropy, <c>−Σ q · log softmax(logits)</c>, with <c>q = (1 − ε) · target + ε / C</c> (Szegedy et al. 2016).
    /// </summary>
    /// <param name="logits">One number for each of C classes: <c>[N, C]</c>, or <c>[N, C, ...]</c> for a prediction at each place.</param>
    /// <param name="targets">Class indices (Int64), the shape of the logits without the axis of classes; or probabilities, the shape of the logits.</param>
    /// <param name="labelSmoothing">ε, in [0, 1).</param>
    /// <param name="ignoreIndex">Targets of this value do not count: they have no loss, no gradient and no part in the mean. Only for class indices.</param>
    /// <param name="weight">
    /// How much each class counts, <c>[C]</c> of the logits' type; the mean is then a weighted one for class indices, and over the batch for probabilities, as
    /// in PyTorch.
    /// </param>
    /// <param name="gamma">
    /// γ of the focal loss, at least 0: <c>log softmax(logits)</c> is multiplied by <c>(1 − softmax(logits))^γ</c> (Lin et al. 2017). 0 is cross-entropy.
    /// </param>
    /// <param name="sampleWeight">
    /// How much each sample counts, <c>[N]</c>, or each prediction, in the shape of class indices; at least 0. The mean is then a weighted one.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The shapes do not fit, the targets are neither Int64 nor of the logits' type, or probabilities come with an index to ignore.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// ε outside [0, 1), γ below 0, or a target that is not the index of a class (on the CPU in float32; elsewhere the error is libtorch's).
    /// </exception>
    public static Tensor CrossEntropy(
        Tensor logits,
            Tensor targets,
            double labelSmoothing = 0,
            long ignoreIndex = NoIndex,
            Tensor? weight = null,
            double gamma = 0,
            Tensor? sampleWeight = null)
    {
        CheckArguments(logits, targets);
        CheckSmoothing(labelSmoothing);
        CheckGamma(gamma);
        if (logits.ndim < 2)
        {
            throw new ArgumentException($"Cross-entropy takes logits [N, C, ...], and these are {Shapes.Text(logits.shape)}.", nameof(logits));
        }

        CheckClasses(logits, targets, classAxis: 1);
        CheckWeighting(logits, targets, classAxis: 1, ignoreIndex, weight);
        var ofPlaces = SampleWeights.OfPlaces(sampleWeight, IsIndex(targets) ? targets.shape : [.. logits.shape.Where((_, axis) => axis != 1)]);
        var loss = CrossEntropyOfChecked(logits, targets, labelSmoothing, ignoreIndex, weight, gamma, ofPlaces);
        ObjectiveWatch.Note(logits, targets, classAxis: 1, ignoreIndex, weight, ofPlaces);
        return loss;
    }

    /// <summary>
    /// Softmax cross-entropy as in <see cref="CrossEntropy"/> with the classes on the last axis, as language models give them. Nothing is copied if the logits
    /// are contiguous.
    /// </summary>
    /// <param name="logits"><c>[N, T, C]</c>, with any number of axes before the classes.</param>
    /// <param name="targets">Class indices (Int64), <c>[N, T]</c>; or probabilities, the shape of the logits.</param>
    /// <param name="labelSmoothing">ε, in [0, 1).</param>
    /// <param name="ignoreIndex">Targets of this value do not count: they have no loss, no gradient and no part in the mean. Only for class indices.</param>
    /// <param name="weight">
    /// How much each class counts, <c>[C]</c> of the logits' type; the mean is then a weighted one for class indices, and over the batch for probabilities, as
    /// in PyTorch.
    /// </param>
    /// <param name="gamma">
    /// γ of the focal loss, at least 0: <c>log softmax(logits)</c> is multiplied by <c>(1 − softmax(logits))^γ</c> (Lin et al. 2017). 0 is cross-entropy.
    /// </param>
    /// <param name="sampleWeight">
    /// How much each sample counts, <c>[N]</c>, or each prediction, in the shape of class indices; at least 0. The mean is then a weighted one.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The shapes do not fit, the targets are neither Int64 nor of the logits' type, or probabilities come with an index to ignore.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// ε outside [0, 1), γ below 0, or a target that is not the index of a class (on the CPU in float32; elsewhere the error is libtorch's).
    /// </exception>
    public static Tensor SequenceCrossEntropy(
        Tensor logits,
            Tensor targets,
            double labelSmoothing = 0,
            long ignoreIndex = NoIndex,
            Tensor? weight = null,
            double gamma = 0,
            Tensor? sampleWeight = null)
    {
        CheckArguments(logits, targets);
        CheckSmoothing(labelSmoothing);
        CheckGamma(gamma);
        var rank = (int)logits.ndim;
        if (rank < 2)
        {
            throw new ArgumentException($"Sequence cross-entropy takes logits [N, T, C], and these are {Shapes.Text(logits.shape)}.", nameof(logits));
        }

        CheckClasses(logits, targets, classAxis: rank - 1);
        CheckWeighting(logits, targets, classAxis: rank - 1, ignoreIndex, weight);
        var classes = logits.size(rank - 1);
        using var flatLogits = logits.reshape(-1, classes);
        using var flatTargets = IsIndex(targets) ? targets.reshape(-1) : targets.reshape(-1, classes);
        var ofPlaces = SampleWeights.OfPlaces(sampleWeight, logits.shape[..^1]);
        using var flatWeights = ofPlaces?.reshape(-1);
        var loss = CrossEntropyOfChecked(flatLogits, flatTargets, labelSmoothing, ignoreIndex, weight, gamma, flatWeights);
        ObjectiveWatch.Note(logits, targets, classAxis: rank - 1, ignoreIndex, weight, ofPlaces);
        return loss;
    }

    /// <summary>Sigmoid cross-entropy, <c>−t · log σ(x) − (1 − t) · log(1 − σ(x))</c>, computed from the logits without overflow.</summary>
    /// <param name="logits">Numbers of any shape, before the sigmoid.</param>
    /// <param name="targets">Of the same shape: values in [0, 1]; Bool and integer types are converted.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Tensor BinaryCrossEntropy(Tensor logits, Tensor targets) => BinaryCrossEntropy(logits, targets, positiveWeight: 1);

    /// <summary>Sigmoid cross-entropy, <c>−t · log σ(x) − (1 − t) · log(1 − σ(x))</c>, computed from the logits without overflow.</summary>
    /// <param name="logits">Numbers of any shape, before the sigmoid.</param>
    /// <param name="targets">Of the same shape: values in [0, 1]; Bool and integer types are converted.</param>
    /// <param name="positiveWeight">How much the part of t counts, above 0: <c>pos_weight</c> of PyTorch.</param>
    /// <param name="gamma">
    /// γ of the focal loss, at least 0: the logarithms are multiplied by <c>(1 − σ(x))^γ</c> and <c>σ(x)^γ</c> (Lin et al. 2017). 0 is cross-entropy.
    /// </param>
    /// <param name="sampleWeight">How much each sample counts, <c>[N]</c>, or each number, in the shape of the others; at least 0. The mean is then a
    /// weighted one.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A weight that is not above 0, or γ below 0.</exception>
    public static Tensor BinaryCrossEntropy(Tensor logits, Tensor targets, double positiveWeight = 1, double gamma = 0, Tensor? sampleWeight = null)
    {
        CheckSame(logits, targets);
        CheckGamma(gamma);
        if (!(positiveWeight > 0 && double.IsFinite(positiveWeight)))
        {
            throw new ArgumentOutOfRangeException(nameof(positiveWeight), positiveWeight, "The weight of targets of 1 must be above 0 and finite.");
        }

        using var converted = targets.to(logits.dtype);
        var weights = SampleWeights.OfPlaces(sampleWeight, logits.shape);
        ObjectiveWatch.Note(ObjectiveKind.BinaryCrossEntropy, logits, weights);
        if (positiveWeight == 1 && gamma == 0)
        {
            return weights is null
                ? nn.functional.binary_cross_entropy_with_logits(logits, converted)
                : SampleWeights.Mean(nn.functional.binary_cross_entropy_with_logits(logits, converted, reduction: nn.Reduction.None), weights);
        }

        return SampleWeights.Mean(FocalLoss.Binary(logits, converted, positiveWeight, gamma), weights);
    }

    /// <summary><c>(y − t)²</c></summary>
    /// <param name="predictions">y, of any shape.</param>
    /// <param name="targets">t, of the same shape.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Tensor MeanSquaredError(Tensor predictions, Tensor targets) => MeanSquaredError(predictions, targets, null);

    /// <summary><c>(y − t)²</c></summary>
    /// <param name="predictions">y, of any shape.</param>
    /// <param name="targets">t, of the same shape.</param>
    /// <param name="sampleWeight">How much each sample counts, <c>[N]</c>, or each number, in the shape of the others; at least 0. The mean is then a
    /// weighted one.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Tensor MeanSquaredError(Tensor predictions, Tensor targets, Tensor? sampleWeight)
    {
        CheckSame(predictions, targets);
        using var converted = targets.to(predictions.dtype);
        var weights = SampleWeights.OfPlaces(sampleWeight, predictions.shape);
        ObjectiveWatch.Note(ObjectiveKind.MeanSquaredError, predictions, weights);
        return weights is null
            ? nn.functional.mse_loss(predictions, converted)
            : SampleWeights.Mean(nn.functional.mse_loss(predictions, converted, reduction: nn.Reduction.None), weights);
    }

    /// <summary><c>|y − t|</c></summary>
    /// <param name="predictions">y, of any shape.</param>
    /// <param name="targets">t, of the same shape.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Tensor MeanAbsoluteError(Tensor predictions, Tensor targets) => MeanAbsoluteError(predictions, targets, null);

    /// <summary><c>|y − t|</c></summary>
    /// <param name="predictions">y, of any shape.</param>
    /// <param name="targets">t, of the same shape.</param>
    /// <param name="sampleWeight">How much each sample counts, <c>[N]</c>, or each number, in the shape of the others; at least 0. The mean is then a
    /// weighted one.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Tensor MeanAbsoluteError(Tensor predictions, Tensor targets, Tensor? sampleWeight)
    {
        CheckSame(predictions, targets);
        using var converted = targets.to(predictions.dtype);
        var weights = SampleWeights.OfPlaces(sampleWeight, predictions.shape);
        ObjectiveWatch.Note(ObjectiveKind.MeanAbsoluteError, predictions, weights);
        return weights is null
            ? nn.functional.l1_loss(predictions, converted)
            : SampleWeights.Mean(nn.functional.l1_loss(predictions, converted, reduction: nn.Reduction.None), weights);
    }

    /// <summary><c>(y − t)² / 2</c> where <c>|y − t| ≤ δ</c>, else <c>δ · (|y − t| − δ / 2)</c> (Huber 1964).</summary>
    /// <param name="predictions">y, of any shape.</param>
    /// <param name="targets">t, of the same shape.</param>
    /// <param name="delta">δ, above 0.</param>
    /// <param name="sampleWeight">How much each sample counts, <c>[N]</c>, or each number, in the shape of the others; at least 0. The mean is then a
    /// weighted one.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">δ is not above 0.</exception>
    public static Tensor Huber(Tensor predictions, Tensor targets, double delta = 1, Tensor? sampleWeight = null)
    {
        CheckSame(predictions, targets);
        if (!(delta > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(delta), delta, "The width of the quadratic part must be above 0.");
        }

        using var converted = targets.to(predictions.dtype);
        var weights = SampleWeights.OfPlaces(sampleWeight, predictions.shape);
        ObjectiveWatch.Note(ObjectiveKind.Huber, predictions, weights);
        return weights is null
            ? nn.functional.huber_loss(predictions, converted, delta)
            : SampleWeights.Mean(nn.functional.huber_loss(predictions, converted, delta, reduction: nn.Reduction.None), weights);
    }

    /// <summary>
    /// The Kullback-Leibler divergence of diagonal Gaussians from the standard one, <c>−½ Σ (1 + log σ² − μ² − σ²)</c>: summed over the numbers of a sample,
    /// the mean over the samples (Kingma and Welling 2014, <see href="https://arxiv.org/abs/1312.6114"/>).
    /// </summary>
    /// <param name="mean">μ, <c>[N, ...]</c>.</param>
    /// <param name="logVariance">log σ², of the same shape.</param>
    /// <param name="sampleWeight">How much each sample counts, <c>[N]</c>, at least 0. The mean is then a weighted one.</param>
    /// <exception cref="ArgumentException">The shapes differ, or the weights are not one for each sample.</exception>
    public static Tensor KullbackLeibler(Tensor mean, Tensor logVariance, Tensor? sampleWeight = null)
    {
        CheckSame(mean, logVariance);
        if (mean.ndim < 1)
        {
            throw new ArgumentException("The means of Gaussians are [N, ...], and this is a scalar.", nameof(mean));
        }

        var weights = SampleWeights.OfPlaces(sampleWeight, [mean.size(0)]);
        ObjectiveWatch.NoteSamples(ObjectiveKind.KullbackLeibler, mean, weights);
        using var scope = NewDisposeScope();
        using var half = (-0.5).ToScalar();
        // 1 + l − exp(l), without the digits that a difference of large numbers loses.
        var terms = logVariance.sub(logVariance.expm1()).sub(mean.pow(Scalars.Two));
        var samples = (terms.ndim == 1 ? terms : terms.flatten(1).sum(1)).mul(half);
        return SampleWeights.Mean(samples, weights).MoveToOuterDisposeScope();
    }

    private static Tensor CrossEntropyOfChecked(
        Tensor logits, Tensor targets, double labelSmoothing, long ignoreIndex, Tensor? weight, double gamma, Tensor? weightOfPlaces) =>
        gamma > 0 || weightOfPlaces is not null
            ? FocalLoss.Softmax(logits, targets, labelSmoothing, ignoreIndex, weight, gamma, weightOfPlaces)
        : CrossEntropyOperation.Takes(logits, targets, weight)
            ? new CrossEntropyOperation(labelSmoothing, ignoreIndex).Apply(logits, targets, weight)
            : nn.functional.cross_entropy(logits, targets, weight, ignoreIndex, label_smoothing: labelSmoothing);

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

    private static void CheckGamma(double gamma)
    {
        if (!(gamma >= 0 && double.IsFinite(gamma)))
        {
            throw new ArgumentOutOfRangeException(nameof(gamma), gamma, "The focusing parameter of the focal loss must be at least 0 and finite.");
        }
    }

    private static void CheckClasses(Tensor logits, Tensor targets, int classAxis)
    {
        if (!IsIndex(targets) && targets.dtype != logits.dtype)
        {
            throw new ArgumentException($"Targets are class indices of type Int64 or probabilities of the logits' type {logits.dtype}, and these are "
                + $"{targets.dtype}.", nameof(targets));
        }

        long[] expected = IsIndex(targets) ? [.. logits.shape.Where((_, axis) => axis != classAxis)] : logits.shape;
        if (!targets.shape.AsSpan().SequenceEqual(expected))
        {
            var what = IsIndex(targets) ? "class indices" : "probabilities";
            throw new ArgumentException($"Logits {Shapes.Text(logits.shape)} ask for {what} {Shapes.Text(expected)}, and the targets are "
                + $"{Shapes.Text(targets.shape)}.", nameof(targets));
        }
    }

    private static void CheckWeighting(Tensor logits, Tensor targets, int classAxis, long ignoreIndex, Tensor? weight)
    {
        if (ignoreIndex >= 0 && !IsIndex(targets))
        {
            throw new ArgumentException("Probabilities have no index to ignore.", nameof(ignoreIndex));
        }

        if (weight is not null && (weight.ndim != 1 || weight.size(0) != logits.size(classAxis) || weight.dtype != logits.dtype))
        {
            throw new ArgumentException(
                $"The weights of {logits.size(classAxis)} classes of type {logits.dtype} are {Shapes.Text([logits.size(classAxis)])}, and these are "
                    + $"{Shapes.Text(weight.shape)} of type {weight.dtype}.",
                nameof(weight));
        }
    }

    private static void CheckSame(Tensor predictions, Tensor targets)
    {
        CheckArguments(predictions, targets);
        if (!predictions.shape.AsSpan().SequenceEqual(targets.shape))
        {
            throw new ArgumentException($"The predictions are {Shapes.Text(predictions.shape)} and the targets {Shapes.Text(targets.shape)}: the shapes must "
                + "be equal.", nameof(targets));
        }
    }
}

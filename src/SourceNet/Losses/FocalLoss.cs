using SourceNet.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>
/// Cross-entropies whose logarithms are multiplied by a power of how wrong the prediction is, <c>(1 − p)^γ · log p</c> (Lin et al. 2017,
/// <see href="https://arxiv.org/abs/1708.02002"/>), composed of operators. With γ = 0 they are PyTorch's, weights, label smoothing and what is ignored
/// included.
/// </summary>
internal static class FocalLoss
{
    /// <summary>The power of exactly 0 has no slope where γ is below 1.</summary>
    private const double Smallest = 1e-12;

    /// <summary>Of a softmax, reduced to the mean.</summary>
    /// <param name="logits"><c>[N, C, ...]</c></param>
    /// <param name="targets">Class indices <c>[N, ...]</c>, or probabilities of the logits' shape.</param>
    /// <param name="labelSmoothing">ε</param>
    /// <param name="ignoreIndex">The class index that does not count.</param>
    /// <param name="weight"><c>[C]</c>, or null.</param>
    /// <param name="gamma">γ</param>
    /// <param name="weightOfPlaces">How much each prediction counts, <c>[N, ...]</c>, or null.</param>
    internal static Tensor Softmax(
        Tensor logits, Tensor targets, double labelSmoothing, long ignoreIndex, Tensor? weight, double gamma, Tensor? weightOfPlaces)
    {
        using var scope = NewDisposeScope();
        var classes = logits.size(1);
        var terms = Modulated(nn.functional.log_softmax(logits, 1), gamma).neg();
        var ofClasses = weight?.view([1, classes, .. Enumerable.Repeat(1L, (int)logits.ndim - 2)]);
        var weighted = ofClasses is null ? terms : terms * ofClasses;
        Tensor losses;
        Tensor counts;
        if (targets.dtype == ScalarType.Int64)
        {
            using var ignored = ignoreIndex.ToScalar();
            var isCounted = targets.ne(ignored);
            var index = where(isCounted, targets, zeros_like(targets));
            var hit = weighted.gather(1, index.unsqueeze(1)).squeeze(1);
            losses = labelSmoothing == 0 ? hit : Fused.Add(Times(hit, 1 - labelSmoothing), Times(weighted.sum(1), labelSmoothing / classes));
            counts = weight is null ? isCounted.to(logits.dtype) : weight.index_select(0, index.flatten()).view(index.shape) * isCounted.to(logits.dtype);
            // Not a product: what does not count may be infinite.
            losses = where(isCounted, losses, zeros_like(losses));
        }
        else
        {
            var smoothed = labelSmoothing == 0 ? targets : Fused.Add(Times(targets, 1 - labelSmoothing), Times(ones_like(targets), labelSmoothing / classes));
            losses = (weighted * smoothed).sum(1);
            // As in PyTorch, the mean is over the batch whatever classes weigh.
            counts = ones_like(losses);
        }

        if (weightOfPlaces is not null)
        {
            var ofPlaces = weightOfPlaces.to(logits.dtype, logits.device);
            (losses, counts) = (losses * ofPlaces, counts * ofPlaces);
        }

        return (losses.sum() / counts.sum()).MoveToOuterDisposeScope();
    }

    /// <summary>Of a sigmoid, for each number: <c>−w · t · (1 − σ)^γ · log σ − (1 − t) · σ^γ · log(1 − σ)</c>.</summary>
    internal static Tensor Binary(Tensor logits, Tensor targets, double positiveWeight, double gamma)
    {
        using var scope = NewDisposeScope();
        var (yes, no) = (nn.functional.logsigmoid(logits), nn.functional.logsigmoid(logits.neg()));
        var (ofYes, ofNo) = gamma == 0 ? (yes, no) : (yes * Times(no, gamma).exp(), no * Times(yes, gamma).exp());
        return Fused.Add(Times(targets * ofYes, positiveWeight), (ones_like(targets) - targets) * ofNo).neg().MoveToOuterDisposeScope();
    }

    private static Tensor Modulated(Tensor logarithms, double gamma)
    {
        if (gamma == 0)
        {
            return logarithms;
        }

        // 1 − p, without the digits that the difference would lose.
        using var smallest = Smallest.ToScalar();
        using var exponent = gamma.ToScalar();
        var wrong = logarithms.expm1().neg().clamp_min(smallest);
        return logarithms * wrong.pow(exponent);
    }

    private static Tensor Times(Tensor tensor, double factor)
    {
        using var scalar = factor.ToScalar();
        return tensor.mul(scalar);
    }
}

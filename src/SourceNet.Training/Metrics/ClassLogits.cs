using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>Logits of classes, a row a prediction that counts.</summary>
/// <param name="Logits"><c>[M, C]</c>.</param>
/// <param name="Labels">Class indices, <c>[M]</c> of type Int64, each in [0, C).</param>
internal readonly record struct ClassLogits(Tensor Logits, Tensor Labels)
{
    internal long Classes => Logits.size(1);

    /// <summary>0 to C − 1, where the labels are.</summary>
    internal Tensor Indices()
    {
        using var first = 0.ToScalar();
        using var end = Classes.ToScalar();
        using var step = 1.ToScalar();
        return arange(first, end, step, device: Labels.device);
    }

    /// <summary>
    /// What a batch has of them: ignored targets left out, of probabilities the most probable class. The tensors belong to the scope that is open.
    /// </summary>
    /// <param name="batch">The batch.</param>
    /// <param name="metric">Who asks, for errors.</param>
    /// <param name="place">Where the classes are, if the objective does not say it.</param>
    /// <exception cref="ArgumentException">The batch is not of classes, or a target is no class.</exception>
    internal static ClassLogits Of(MeasuredBatch batch, string metric, ClassPlace place)
    {
        var (outputs, targets) = (batch.Outputs.detach(), batch.Targets);
        var (axis, ignoreIndex) = place.In(batch, metric);
        ClassTargets.Check(outputs, targets, axis);
        var rows = outputs.movedim([axis], [-1]).reshape(-1, outputs.size(axis));
        if (targets.dtype != ScalarType.Int64)
        {
            return new(rows, targets.argmax(axis).reshape(-1));
        }

        using var ignored = ignoreIndex.ToScalar();
        var labels = targets.reshape(-1);
        var counts = labels.ne(ignored);
        if (counts.count_nonzero().item<long>() != labels.numel())
        {
            var places = counts.nonzero().reshape(-1);
            (rows, labels) = (rows.index_select(0, places), labels.index_select(0, places));
        }

        if (labels.numel() > 0 && (labels.min().item<long>(), labels.max().item<long>()) is var (least, most) && (least < 0 || most >= rows.size(1)))
        {
            throw new ArgumentException($"{metric}: expected class indices from 0 to {rows.size(1) - 1}, or {ignoreIndex} for what is ignored, found "
                + $"{(least < 0 ? least : most)}.");
        }

        return new(rows, labels);
    }
}

using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>Which place the right class has among the logits, from 0.</summary>
internal static class TopRanks
{
    /// <summary>How many predictions have the right class among the first k, and how many count.</summary>
    /// <exception cref="ArgumentException">There are fewer than k classes.</exception>
    internal static (double Sum, double Count) Right(MeasuredBatch batch, int k, ClassPlace place)
    {
        using var scope = NewDisposeScope();
        var found = ClassLogits.Of(batch, $"Metric.TopK({k})", place);
        if (k > found.Classes)
        {
            throw new ArgumentException($"Metric.TopK({k}): expected at least {k} classes, found {found.Classes}: among all of them the right one always is.");
        }

        var labels = found.Labels.unsqueeze(1);
        var right = found.Logits.gather(1, labels);
        var isBefore = found.Logits.gt(right).logical_or(found.Logits.eq(right).logical_and(found.Indices().lt(labels)));
        using var most = k.ToScalar();
        // A logit that is not a number is nowhere.
        var isRight = isBefore.sum(1).lt(most).logical_and(right.eq(right).squeeze(1));
        return (isRight.count_nonzero().item<long>(), found.Labels.numel());
    }
}

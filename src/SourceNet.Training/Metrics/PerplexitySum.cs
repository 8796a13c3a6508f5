using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>exp of the mean of −log p of the right classes, in float64.</summary>
internal sealed class PerplexitySum(ClassPlace place) : IMetricSum
{
    /// <summary>So many logits are widened at a time: a vocabulary of a language is large.</summary>
    private const long Piece = 1 << 22;

    private RunningSum sum;
    private long count;

    public double? Value => count > 0 ? Math.Exp(sum.Value / count) : null;

    public void Add(MeasuredBatch batch)
    {
        using var scope = NewDisposeScope();
        if (batch.Targets.dtype != ScalarType.Int64)
        {
            throw new ArgumentException($"The perplexity takes class indices of type Int64, found targets {ClassTargets.Text(batch.Targets)}.");
        }

        var found = ClassLogits.Of(batch, "The perplexity", place);
        var rows = Math.Max(1, Piece / found.Classes);
        for (long start = 0; start < found.Labels.numel(); start += rows)
        {
            using var piece = NewDisposeScope();
            var length = Math.Min(rows, found.Labels.numel() - start);
            var wide = found.Logits.narrow(0, start, length).to(ScalarType.Float64);
            var right = wide.gather(1, found.Labels.narrow(0, start, length).unsqueeze(1)).squeeze(1);
            sum.Add(RunningSum.Numbers(wide.logsumexp(1).sub(right)));
        }

        count += found.Labels.numel();
    }
}

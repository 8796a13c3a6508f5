using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>The mean loss over what counts, whatever batches it comes in.</summary>
internal struct LossMean(double sum, double counted)
{
    internal double Sum { get; private set; } = sum;

    internal double Counted { get; private set; } = counted;

    internal readonly double Value => Sum / Counted;

    /// <summary>Takes in the mean of a batch. Where nothing counts there is none.</summary>
    internal void Add(double loss, double counted)
    {
        if (counted > 0)
        {
            (Sum, Counted) = (Sum + (loss * counted), Counted + counted);
        }
    }

    /// <summary>
    /// The one objective that was computed, and what its mean was divided by. Of a loss that is none of <see cref="Objectives"/> every target counts that is
    /// not −100 where it should be a class index.
    /// </summary>
    internal static (ObservedObjective? Objective, double Counted) Of(ObjectiveWatch watch, Tensor targets)
    {
        // Several passes over one batch, as R-Drop makes them, are of one objective.
        if (watch.Seen.Count > 0 && watch.Seen.All(seen => seen == watch.Seen[0]))
        {
            return (watch.Seen[0], watch.Seen[0].Counted);
        }

        if (targets.dtype != ScalarType.Int64)
        {
            return (null, targets.ndim == 0 ? 1 : targets.size(0));
        }

        using var ignored = ClassTargets.NoIndex.ToScalar();
        using var counts = targets.ne(ignored);
        using var count = counts.count_nonzero();
        return (null, count.item<long>());
    }
}

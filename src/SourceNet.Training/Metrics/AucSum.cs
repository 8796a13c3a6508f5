using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>The area under the ROC curve by ranks (Mann and Whitney 1947), from the scores of all samples.</summary>
internal sealed class AucSum(Averaging? averaging, bool perClass, ClassPlace place) : IMetricSum
{
    private List<(double Score, bool IsPositive)>[] columns = [];

    public double? Value => averaging == Averaging.Micro ? Area(columns.SelectMany(column => column)) : columns.Select(Area).Average();

    public IReadOnlyList<MetricPart> Parts => perClass
        ? [.. columns.Select((column, index) => new MetricPart(FormattableString.Invariant($"AUC of class {index}"), Area(column)))]
        : [];

    internal static IMetric Metric(Averaging? averaging, bool perClass, ClassPlace place) => new SummedMetric(
        averaging switch { null => "AUC", Averaging.Macro => "macro AUC", _ => "micro AUC" },
        MetricDirection.Maximize,
        () => new AucSum(averaging, perClass, place));

    public void Add(MeasuredBatch batch)
    {
        using var scope = NewDisposeScope();
        if (LabelLogits.Fits(batch))
        {
            var labels = LabelLogits.Of(batch, "The AUC");
            Add(labels.Logits, labels.Yes, labels.Labels, "labels");
            return;
        }

        var found = ClassLogits.Of(batch, "The AUC", place);
        var indices = found.Labels.unsqueeze(1);
        var wide = found.Logits.to(ScalarType.Float64);
        if (found.Classes == 2 && averaging is null)
        {
            using var one = 1.ToScalar();
            Add(wide.narrow(1, 1, 1).sub(wide.narrow(1, 0, 1)), indices.eq(one), 1, "classes");
            return;
        }

        Add(wide.softmax(1), found.Indices().eq(indices), found.Classes, "classes");
    }

    private void Add(Tensor scores, Tensor areYes, long count, string what)
    {
        if (count > 1 && averaging is null)
        {
            throw new ArgumentException($"The AUC is of one class against another, and the outputs have {count} {what}: say how each against the rest becomes "
                + "one number, by Metric.Auc(Averaging.Macro) or Metric.Auc(Averaging.Micro).");
        }

        columns = columns.Length == 0 ? [.. Enumerable.Range(0, (int)count).Select(_ => new List<(double, bool)>())] : columns;
        if (columns.Length != count)
        {
            throw new ArgumentException($"The AUC: expected {columns.Length} {what}, as in the batches before, found {count}.");
        }

        if (scores.numel() == 0)
        {
            return;
        }

        var (numbers, flags) = (RunningSum.Numbers(scores), areYes.cpu().contiguous().data<bool>().ToArray());
        for (var position = 0; position < numbers.Length; position++)
        {
            columns[position % columns.Length].Add((numbers[position], flags[position]));
        }
    }

    /// <summary>Null where there are not both positives and negatives; not a number where a score is none.</summary>
    private static double? Area(IEnumerable<(double Score, bool IsPositive)> samples)
    {
        var sorted = samples.ToArray();
        Array.Sort(sorted, static (one, other) => one.Score.CompareTo(other.Score));
        // Whole numbers, twice the pairs: a pair of equal scores counts half.
        long twice = 0;
        long below = 0;
        long positives = 0;
        for (var start = 0; start < sorted.Length;)
        {
            if (double.IsNaN(sorted[start].Score))
            {
                return double.NaN;
            }

            var (end, yes) = (start, 0L);
            for (; end < sorted.Length && sorted[end].Score.Equals(sorted[start].Score); end++)
            {
                yes += sorted[end].IsPositive ? 1 : 0;
            }

            var no = end - start - yes;
            twice += yes * ((2 * below) + no);
            (below, positives, start) = (below + no, positives + yes, end);
        }

        return positives > 0 && below > 0 ? twice / (2.0 * positives * below) : null;
    }
}

using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>Precision, recall or F1, from counts of each class.</summary>
internal sealed class ClassScoreSum(string name, Averaging averaging, bool perClass, ClassPlace place, Func<ClassCounts, double?> score) : IMetricSum
{
    private ClassCounts[] classes = [];

    public double? Value => averaging == Averaging.Macro
        ? classes.Select(score).Average()
        : score(new(classes.Sum(one => one.Right), classes.Sum(one => one.Predicted), classes.Sum(one => one.Actual)));

    public IReadOnlyList<MetricPart> Parts => perClass
        ? [.. classes.Select((counts, index) => new MetricPart(FormattableString.Invariant($"{name} of class {index}"), score(counts)))]
        : [];

    internal static IMetric Metric(string name, Averaging averaging, bool perClass, ClassPlace place, Func<ClassCounts, double?> score) => new SummedMetric(
        averaging == Averaging.Macro ? $"macro {name}" : $"micro {name}",
        MetricDirection.Maximize,
        () => new ClassScoreSum(name, averaging, perClass, place, score));

    public void Add(MeasuredBatch batch)
    {
        using var scope = NewDisposeScope();
        if (LabelLogits.Fits(batch))
        {
            AddLabels(LabelLogits.Of(batch, $"The {name}"));
        }
        else
        {
            AddClasses(ClassLogits.Of(batch, $"The {name}", place));
        }
    }

    private void AddLabels(LabelLogits found)
    {
        Expect(found.Labels);
        using var zero = 0.ToScalar();
        var predicted = found.Logits.gt(zero);
        var (right, all, actual) = (Counts(predicted.logical_and(found.Yes)), Counts(predicted), Counts(found.Yes));
        for (var label = 0; label < classes.Length; label++)
        {
            Count(label, right[label], all[label], actual[label]);
        }

        static long[] Counts(Tensor flags) => flags.sum(0, type: ScalarType.Int64).cpu().data<long>().ToArray();
    }

    private void AddClasses(ClassLogits found)
    {
        Expect(found.Classes);
        if (found.Labels.numel() == 0)
        {
            return;
        }

        var predicted = found.Logits.argmax(1).cpu().data<long>().ToArray();
        var actual = found.Labels.cpu().contiguous().data<long>().ToArray();
        for (var row = 0; row < actual.Length; row++)
        {
            Count(actual[row], predicted[row] == actual[row] ? 1 : 0, 0, 1);
            Count(predicted[row], 0, 1, 0);
        }
    }

    private void Count(long index, long right, long predicted, long actual) =>
        classes[index] = new(classes[index].Right + right, classes[index].Predicted + predicted, classes[index].Actual + actual);

    private void Expect(long count)
    {
        classes = classes.Length == 0 ? new ClassCounts[count] : classes;
        if (classes.Length != count)
        {
            throw new ArgumentException($"The {name}: expected {classes.Length} classes, as in the batches before, found {count}.");
        }
    }
}

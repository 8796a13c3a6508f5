using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training.Tests.Metrics;

/// <summary>Each metric against a slow reference that is written for one sample after the other, whatever the batches are.</summary>
public sealed class MetricTests : IDisposable
{
    private const int Classes = 4;

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    public static TheoryData<int> Sizes => [1, 3, 7, 61];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_top_k_are_counted_by_sorting(int size)
    {
        var (logits, labels) = Samples();
        var rows = Rows(logits);
        for (var k = 1; k <= Classes; k++)
        {
            var right = labels
                .Select((label, row) => Enumerable.Range(0, Classes).OrderByDescending(index => rows[row][index]).Take(k).Contains((int)label)).ToList();
            Assert.Equal(right.Count(one => one) / (double)right.Count, Of(Metric.TopK(k), logits, labels, size));
        }

        Assert.Equal(Of(Metric.Accuracy, logits, labels, size), Of(Metric.TopK(1), logits, labels, size));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Precision_recall_and_F1_are_counted_by_hand(int size)
    {
        var (logits, labels) = Samples();
        var found = Rows(logits).Select(row => row.Select((value, index) => (value, index)).MaxBy(pair => pair.value).index).ToArray();
        double Count(Func<int, int, bool> holds) => labels.Where((label, row) => holds((int)label, found[row])).Count();
        // Class 3 neither occurs nor is it predicted.
        var classes = Enumerable.Range(0, Classes - 1).ToList();
        var precisions = classes.Select(index => Count((is_, as_) => is_ == index && as_ == index) / Count((_, as_) => as_ == index)).ToList();
        var recalls = classes.Select(index => Count((is_, as_) => is_ == index && as_ == index) / Count((is_, _) => is_ == index)).ToList();
        var harmonic = precisions.Zip(recalls, (precision, recall) => 2 / ((1 / precision) + (1 / recall))).ToList();

        Near(precisions.Average(), Of(Metric.Precision(Averaging.Macro), logits, labels, size), 1e-14);
        Near(recalls.Average(), Of(Metric.Recall(Averaging.Macro), logits, labels, size), 1e-14);
        Near(harmonic.Average(), Of(Metric.F1(Averaging.Macro), logits, labels, size), 1e-14);
        var accuracy = Count((is_, as_) => is_ == as_) / labels.Length;
        foreach (var micro in new[] { Metric.Precision(Averaging.Micro), Metric.Recall(Averaging.Micro), Metric.F1(Averaging.Micro) })
        {
            // Of classes that exclude each other the three are one number.
            Near(accuracy, Of(micro, logits, labels, size), 1e-14);
        }

        var parts = Sum(Metric.Recall(Averaging.Macro, perClass: true), logits, labels, size).Parts;
        Assert.Equal(["recall of class 0", "recall of class 1", "recall of class 2", "recall of class 3"], parts.Select(part => part.Name));
        Assert.Equal([.. recalls.Select(recall => (double?)recall), null], parts.Select(part => part.Value));
    }

    [Fact]
    public void A_class_that_is_only_in_the_data_or_only_predicted_counts_as_0()
    {
        // Class 0 is right, 1 is never predicted, 2 has no sample, 3 is neither.
        var logits = tensor(new float[,] { { 9, 0, 0, 0 }, { 0, 0, 9, 0 } });
        long[] labels = [0, 1];

        Near(1.0 / 3, Of(Metric.Precision(Averaging.Macro), logits, labels, 2), 1e-14);
        Near(1.0 / 3, Of(Metric.Recall(Averaging.Macro), logits, labels, 2), 1e-14);
        Near(1.0 / 3, Of(Metric.F1(Averaging.Macro), logits, labels, 2), 1e-14);
        Assert.Equal(0.5, Of(Metric.Confusion(), logits, labels, 2));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_area_under_the_curve_is_the_share_of_pairs_in_order_and_half_of_the_ties(int size)
    {
        manual_seed(3);
        // Few different scores: many ties.
        var logits = randint(-3, 4, [61]).to(ScalarType.Float32);
        var labels = rand(61).gt(0.6).to(ScalarType.Float32);

        var expected = Pairwise(Numbers(logits), Numbers(labels));

        Assert.InRange(expected!.Value, 0.2, 0.8);
        Near(expected, Of(Metric.Auc(), logits, labels, size, ObjectiveKind.BinaryCrossEntropy), 1e-15);
        Near(expected, Of(Metric.Auc(), stack([zeros(61), logits], 1), [.. Numbers(labels).Select(value => (long)value)], size), 1e-15);
    }

    [Fact]
    public void Of_many_samples_the_area_is_exact_too()
    {
        manual_seed(4);
        var logits = randn(1500);
        var labels = (logits + randn(1500)).gt(0).to(ScalarType.Float32);

        Near(Pairwise(Numbers(logits), Numbers(labels)), Of(Metric.Auc(), logits, labels, 128, ObjectiveKind.BinaryCrossEntropy), 1e-15);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Of_several_labels_the_area_is_averaged(int size)
    {
        manual_seed(5);
        var logits = randint(-4, 5, [61, 3]).to(ScalarType.Float32);
        var labels = rand(61, 3).gt(0.5).to(ScalarType.Float32);
        // Nobody has the last label: it does not count.
        labels.narrow(1, 2, 1).fill_(0);

        var areas = Enumerable.Range(0, 2).Select(label => Pairwise(Numbers(logits.select(1, label)), Numbers(labels.select(1, label)))).ToList();

        Near(areas.Average(), Of(Metric.Auc(Averaging.Macro), logits, labels, size, ObjectiveKind.BinaryCrossEntropy)!.Value, 1e-14);
        var micro = Pairwise(Numbers(logits), Numbers(labels));
        Near(micro!.Value, Of(Metric.Auc(Averaging.Micro), logits, labels, size, ObjectiveKind.BinaryCrossEntropy)!.Value, 1e-14);
        var sum = Metric.Auc(Averaging.Macro, perClass: true).Begin();
        sum.Add(new(logits, labels, new(ObjectiveKind.BinaryCrossEntropy, -1, 0, 183)));
        Assert.Equal([.. areas, null], sum.Parts.Select(part => part.Value));
    }

    [Fact]
    public void Of_more_classes_each_is_compared_with_the_rest_by_its_probability()
    {
        var (logits, labels) = Samples();
        var odds = Rows(logits.to(ScalarType.Float64).softmax(1));
        var areas = Enumerable.Range(0, 3)
            .Select(index => Pairwise([.. odds.Select(row => row[index])], [.. labels.Select(label => label == index ? 1.0 : 0)])).ToList();

        Near(areas.Average()!.Value, Of(Metric.Auc(Averaging.Macro), logits, labels, 8)!.Value, 1e-14);
    }

    [Fact]
    public void Of_samples_that_are_all_alike_there_is_no_area()
    {
        var sum = Metric.Auc().Begin();
        sum.Add(new(randn(5), ones(5), new(ObjectiveKind.BinaryCrossEntropy, -1, 0, 5)));
        Assert.Null(sum.Value);
        sum.Add(new(tensor(new[] { -9f }), zeros(1), new(ObjectiveKind.BinaryCrossEntropy, -1, 0, 1)));
        Assert.Equal(1, sum.Value);
        // A score that is no number is an error, and none of these.
        sum.Add(new(tensor(new[] { float.NaN }), zeros(1), new(ObjectiveKind.BinaryCrossEntropy, -1, 0, 1)));
        Assert.Equal(double.NaN, sum.Value);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_confusion_matrix_counts_every_pair(int size)
    {
        var (logits, labels) = Samples();
        var found = Rows(logits).Select(row => row.Select((value, index) => (value, index)).MaxBy(pair => pair.value).index).ToArray();

        var matrix = (ConfusionMatrix)Sum(Metric.Confusion(), logits, labels, size);

        for (var actual = 0; actual < Classes; actual++)
        {
            for (var predicted = 0; predicted < Classes; predicted++)
            {
                Assert.Equal(labels.Where((label, row) => label == actual && found[row] == predicted).Count(), matrix[actual, predicted]);
            }
        }

        Assert.Equal(61, matrix.Total);
        Assert.Equal(Of(Metric.Accuracy, logits, labels, size), matrix.Accuracy);
        Near(Of(Metric.Recall(Averaging.Macro), logits, labels, size)!.Value, matrix.Value!.Value, 1e-14);
        Assert.Null(matrix.F1(3));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sv-SE")]
    public void The_confusion_matrix_reads_as_a_table(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            var matrix = new ConfusionMatrix("cat", "dog", "ox");
            matrix.Add(new(tensor(new float[,] { { 3, 2, 1 }, { 3, 2, 1 }, { 2, 3, 1 }, { 2, 3, 1 } }), tensor(new long[] { 0, 0, 0, 1 }), null));

            Assert.Equal(
                """
                actual \ predicted    cat    dog  ox  recall
                ────────────────────────────────────────────
                cat                     2      1   0   0.667
                dog                     0      1   0   1.000
                ox                      0      0   0       -
                precision           1.000  0.500   -   0.750

                """.Replace("\r\n", "\n"),
                matrix.ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Errors_of_values_are_the_textbook_formulas_bit_for_bit_in_every_batch(int size)
    {
        manual_seed(6);
        var (outputs, targets) = (randn(61, 3) * 100, randn(61, 3) * 100 + 1e4);
        var (found, right) = (Numbers(outputs), Numbers(targets));
        var errors = found.Zip(right, (y, t) => y - t).ToArray();
        double Column(int column)
        {
            var mine = right.Where((_, place) => place % 3 == column).ToArray();
            var squares = errors.Where((_, place) => place % 3 == column).Sum(error => error * error);
            return 1 - (squares / mine.Sum(value => Math.Pow(value - mine.Average(), 2)));
        }

        Near(errors.Average(Math.Abs), Value(Metric.MeanAbsoluteError), 1e-10);
        Near(Math.Sqrt(errors.Average(error => error * error)), Value(Metric.RootMeanSquaredError), 1e-10);
        var determination = Enumerable.Range(0, 3).Average(Column);
        Near(1, Value(Metric.Determination) / determination, 1e-10);
        foreach (var metric in new[] { Metric.MeanAbsoluteError, Metric.RootMeanSquaredError, Metric.Determination })
        {
            var whole = Of(metric, outputs, targets, 61, ObjectiveKind.MeanSquaredError)!.Value;
            Assert.Equal(BitConverter.DoubleToInt64Bits(whole), BitConverter.DoubleToInt64Bits(Value(metric)));
        }

        double Value(IMetric metric) => Of(metric, outputs, targets, size, ObjectiveKind.MeanSquaredError)!.Value;
    }

    [Fact]
    public void What_has_no_spread_has_no_determination()
    {
        Assert.Null(Of(Metric.Determination, randn(5, 1), ones(5, 1), 2, ObjectiveKind.MeanSquaredError));
        // The other column does.
        var targets = stack([ones(4), tensor(new float[] { 0, 1, 2, 3 })], 1);
        Assert.Equal(1, Of(Metric.Determination, targets, targets, 2, ObjectiveKind.MeanSquaredError));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Perplexity_is_e_to_the_mean_of_what_the_right_classes_lack(int size)
    {
        var (logits, labels) = Samples();
        var nats = Rows(logits).Select((row, place) => Math.Log(row.Sum(Math.Exp)) - row[labels[place]]).ToList();

        Near(Math.Exp(nats.Average()), Of(Metric.Perplexity(), logits, labels, size)!.Value, 1e-12);
        Near(Classes, Of(Metric.Perplexity(), zeros(61, Classes), labels, size)!.Value, 1e-12);
    }

    [Fact]
    public void Ignored_targets_and_batches_without_samples_change_nothing()
    {
        var (logits, labels) = Samples();
        long[] more = [.. labels, -100, -100];
        var padded = cat([logits, randn(2, Classes) * 50]);
        var objective = new ObservedObjective(ObjectiveKind.CrossEntropy, 1, -100, 61);
        IMetric[] metrics =
        [
            Metric.TopK(2), Metric.Precision(Averaging.Macro), Metric.Recall(Averaging.Micro), Metric.F1(Averaging.Macro), Metric.Auc(Averaging.Macro),
            Metric.Confusion(), Metric.Perplexity(), Metric.Accuracy,
        ];
        foreach (var metric in metrics)
        {
            var sum = metric.Begin();
            Assert.Null(sum.Value);
            sum.Add(new(zeros(0, Classes), zeros(0, ScalarType.Int64), objective));
            Assert.Null(sum.Value);
            sum.Add(new(padded, tensor(more), objective));
            sum.Add(new(zeros(0, Classes), zeros(0, ScalarType.Int64), objective));
            Assert.Equal(Of(metric, logits, labels, 61), sum.Value);
        }

        foreach (var metric in new IMetric[] { Metric.MeanAbsoluteError, Metric.RootMeanSquaredError, Metric.Determination, Metric.Auc() })
        {
            var sum = metric.Begin();
            sum.Add(new(zeros(0), zeros(0), null));
            Assert.Null(sum.Value);
        }
    }

    [Fact]
    public void Classes_on_another_axis_are_read_by_the_objective_or_as_it_is_said()
    {
        var (logits, labels) = Samples();
        var moved = logits.narrow(0, 0, 60).reshape(4, 15, Classes).transpose(1, 2).contiguous();
        var targets = tensor(labels[..60]).reshape(4, 15);
        foreach (var metric in new[] { Metric.TopK(2, 1), Metric.F1(Averaging.Macro, classAxis: 1), Metric.Perplexity(-2), Metric.Confusion(1) })
        {
            var sum = metric.Begin();
            sum.Add(new(moved, targets, null));
            var onLast = metric.Name switch
            {
                "perplexity" => Metric.Perplexity(),
                "macro F1" => Metric.F1(Averaging.Macro),
                "balanced accuracy" => Metric.Confusion(),
                _ => Metric.TopK(2),
            };
            Near(Of(onLast, logits[..60], labels[..60], 60)!.Value, sum.Value!.Value, 1e-12);
        }
    }

    [Fact]
    public void Labels_that_may_hold_together_are_each_a_class()
    {
        var logits = tensor(new float[,] { { 1, -1 }, { 1, 1 }, { -1, 1 } });
        var targets = tensor(new float[,] { { 1, 1 }, { 0, 1 }, { 1, 0 } });

        // TP, FP, FN of the labels: 1, 1, 1 and 1, 1, 1.
        Assert.Equal(0.5, Of(Metric.F1(Averaging.Macro), logits, targets, 1, ObjectiveKind.BinaryCrossEntropy));
        Assert.Equal(0.5, Of(Metric.Precision(Averaging.Micro), logits, targets, 2, ObjectiveKind.BinaryCrossEntropy));
        var error = Assert.Throws<ArgumentException>(() => Of(Metric.Confusion(), logits, targets, 3, ObjectiveKind.BinaryCrossEntropy));
        Assert.Contains("2 labels that may hold together", error.Message);
    }

    [Fact]
    public void What_cannot_be_read_says_what_was_expected()
    {
        var (logits, labels) = Samples();
        Assert.Contains("expected at least 5 classes, found 4", Assert.Throws<ArgumentException>(() => Of(Metric.TopK(5), logits, labels, 8)).Message);
        Assert.Contains("Metric.Auc(Averaging.Macro)", Assert.Throws<ArgumentException>(() => Of(Metric.Auc(), logits, labels, 8)).Message);
        Assert.Contains("the objective is MeanSquaredError",
            Assert.Throws<ArgumentException>(() => Of(Metric.TopK(1), logits, logits, 8, ObjectiveKind.MeanSquaredError)).Message);
        Assert.Contains("outputs and targets of one shape",
            Assert.Throws<ArgumentException>(() => Of(Metric.Determination, logits, tensor(labels), 8, ObjectiveKind.MeanSquaredError)).Message);
        labels[7] = 4;
        Assert.Contains("expected class indices from 0 to 3, or -100 for what is ignored, found 4",
            Assert.Throws<ArgumentException>(() => Of(Metric.Confusion(), logits, labels, 8)).Message);
        labels[7] = 0;
        Assert.Contains("a name for each of 4 classes, found 2: a, b",
            Assert.Throws<ArgumentException>(() => Of(Metric.Confusion(null, null, "a", "b"), logits, labels, 8)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Metric.TopK(0));
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        var (logits, labels) = Samples();
        var targets = tensor(labels);
        IMetric[] metrics = [Metric.TopK(2), Metric.F1(Averaging.Macro), Metric.Auc(Averaging.Macro), Metric.Confusion(), Metric.Perplexity()];
        var sums = metrics.Select(metric => metric.Begin()).ToList();
        var before = LiveTensors.Count;
        sums.ForEach(sum => sum.Add(new(logits, targets, null)));
        var errors = Metric.Determination.Begin();
        errors.Add(new(logits, logits, null));

        Assert.Equal(before, LiveTensors.Count);
    }

    /// <summary>61 samples of classes 0 to 2 of 4, by and large right; no logit twice in a row.</summary>
    private static (Tensor Logits, long[] Labels) Samples()
    {
        manual_seed(1);
        var labels = randint(0, 3, [61], dtype: ScalarType.Int64);
        var logits = randn(61, Classes);
        logits.scatter_add_(1, labels.unsqueeze(1), full(61, 1, 1.5f));
        logits.narrow(1, 3, 1).sub_(20);
        return (logits, labels.data<long>().ToArray());
    }

    private static void Near(double? expected, double? actual, double tolerance) => Assert.Equal(expected!.Value, actual!.Value, tolerance);

    private static double? Pairwise(double[] scores, double[] labels)
    {
        var (sum, pairs) = (0.0, 0L);
        for (var positive = 0; positive < scores.Length; positive++)
        {
            for (var negative = 0; negative < scores.Length; negative++)
            {
                if (labels[positive] > 0.5 && labels[negative] < 0.5)
                {
                    pairs++;
                    sum += scores[positive] > scores[negative] ? 1 : scores[positive].Equals(scores[negative]) ? 0.5 : 0;
                }
            }
        }

        return pairs == 0 ? null : sum / pairs;
    }

    private static double? Of(IMetric metric, Tensor logits, long[] labels, int size) => Sum(metric, logits, labels, size).Value;

    private static IMetricSum Sum(IMetric metric, Tensor logits, long[] labels, int size) =>
        Sum(metric, logits, tensor(labels), size, new(ObjectiveKind.CrossEntropy, 1, -100, labels.Length));

    private static double? Of(IMetric metric, Tensor outputs, Tensor targets, int size, ObjectiveKind kind) =>
        Sum(metric, outputs, targets, size, new(kind, -1, 0, outputs.numel())).Value;

    private static IMetricSum Sum(IMetric metric, Tensor outputs, Tensor targets, int size, ObservedObjective objective)
    {
        var sum = metric.Begin();
        for (long start = 0; start < outputs.size(0); start += size)
        {
            var length = Math.Min(size, outputs.size(0) - start);
            sum.Add(new(outputs.narrow(0, start, length), targets.narrow(0, start, length), objective));
        }

        return sum;
    }

    private static double[] Numbers(Tensor tensor) => tensor.to(ScalarType.Float64).contiguous().data<double>().ToArray();

    private static double[][] Rows(Tensor logits) => [.. Numbers(logits).Chunk((int)logits.size(1))];
}

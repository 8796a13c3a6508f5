using System.Globalization;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>
/// How often samples of a class are predicted as each: the whole truth about a classifier's mistakes. Print it to see it as a table, a row for each actual
/// class, with its recall, and a column for each prediction.
/// </summary>
/// <remarks>Of one logit, no and yes are the classes 0 and 1. As a metric (<see cref="Metric.Confusion"/>) its value is the balanced accuracy.</remarks>
/// <example><code>
/// var measured = model.Evaluate(unseen, Metric.Confusion());
/// Console.WriteLine(measured.Sum&lt;ConfusionMatrix&gt;());
/// </code></example>
public sealed class ConfusionMatrix : IMetricSum
{
    private readonly ClassPlace place;
    private readonly IReadOnlyList<string> names;
    private long[,] counts = new long[0, 0];

    /// <summary>An empty one.</summary>
    /// <param name="classes">The names of the classes; none for their indices.</param>
    public ConfusionMatrix(params string[] classes)
        : this(default, classes)
    {
    }

    internal ConfusionMatrix(ClassPlace place, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        (this.place, this.names) = (place, names);
    }

    /// <summary>The number of classes; 0 before the first batch.</summary>
    public int Classes => counts.GetLength(0);

    /// <summary>How many samples count.</summary>
    public long Total => Enumerable.Range(0, Classes).Sum(Actual);

    /// <summary>The share of samples that are predicted as what they are; null without samples.</summary>
    public double? Accuracy => Total > 0 ? (double)Enumerable.Range(0, Classes).Sum(index => counts[index, index]) / Total : null;

    /// <summary>The mean recall of the classes that have samples; null without samples.</summary>
    public double? Value => Enumerable.Range(0, Classes).Where(index => Actual(index) > 0).Average(index => Recall(index));

    /// <summary>How many samples of a class are predicted as another, or the same.</summary>
    /// <param name="actual">The class that they are of.</param>
    /// <param name="predicted">The class that they are taken for.</param>
    public long this[int actual, int predicted] => counts[actual, predicted];

    /// <summary>How many samples are of a class.</summary>
    public long Actual(int index) => Enumerable.Range(0, Classes).Sum(predicted => counts[index, predicted]);

    /// <summary>How many samples are predicted as a class.</summary>
    public long Predicted(int index) => Enumerable.Range(0, Classes).Sum(actual => counts[actual, index]);

    /// <summary>Of what is predicted as a class, the share that is of it; 0 if nothing is, null if it does not occur at all.</summary>
    public double? Precision(int index) => Of(index).Precision;

    /// <summary>Of what is of a class, the share that is predicted as it; 0 if nothing is of it, null if it does not occur at all.</summary>
    public double? Recall(int index) => Of(index).Recall;

    /// <summary>The harmonic mean of both; null if the class does not occur at all.</summary>
    public double? F1(int index) => Of(index).F1;

    /// <inheritdoc/>
    public void Add(MeasuredBatch batch)
    {
        using var scope = NewDisposeScope();
        if (LabelLogits.Fits(batch))
        {
            var found = LabelLogits.Of(batch, "The confusion matrix");
            if (found.Labels != 1)
            {
                throw new ArgumentException($"The confusion matrix is of classes that exclude each other, and the outputs have {found.Labels} labels that may "
                    + "hold together: measure Metric.F1(Averaging.Macro, perClass: true) instead.");
            }

            using var zero = 0.ToScalar();
            Add(found.Yes.reshape(-1).to(ScalarType.Int64), found.Logits.gt(zero).reshape(-1).to(ScalarType.Int64), 2);
            return;
        }

        var classes = ClassLogits.Of(batch, "The confusion matrix", place);
        Add(classes.Labels, classes.Logits.argmax(1), classes.Classes);
    }

    /// <summary>The counts as a table, with the recall of each class at the right and the precision below. Lines end in <c>\n</c>.</summary>
    public override string ToString()
    {
        var all = Enumerable.Range(0, Classes).ToList();
        var table = new TextTable([("actual \\ predicted", false), .. all.Select(index => (Name(index), true)), ("recall", true)]);
        foreach (var actual in all)
        {
            table.Add([Name(actual), .. all.Select(predicted => Text(counts[actual, predicted])), Share(Actual(actual) > 0 ? Recall(actual) : null)]);
        }

        table.Add(["precision", .. all.Select(index => Share(Predicted(index) > 0 ? Precision(index) : null)), Share(Accuracy)]);
        var text = new StringBuilder();
        table.WriteTo(text);
        return text.ToString();

        static string Text(long count) => count.ToString(CultureInfo.InvariantCulture);

        static string Share(double? share) => share?.ToString("F3", CultureInfo.InvariantCulture) ?? "-";
    }

    private void Add(Tensor actual, Tensor predicted, long classes)
    {
        if (names.Count > 0 && names.Count != classes)
        {
            throw new ArgumentException(
                $"The confusion matrix: expected a name for each of {classes} classes, found {names.Count}: {string.Join(", ", names)}.");
        }

        counts = Classes == 0 ? new long[classes, classes] : counts;
        if (Classes != classes)
        {
            throw new ArgumentException($"The confusion matrix: expected {Classes} classes, as in the batches before, found {classes}.");
        }

        if (actual.numel() == 0)
        {
            return;
        }

        var (rows, columns) = (actual.cpu().contiguous().data<long>().ToArray(), predicted.cpu().contiguous().data<long>().ToArray());
        for (var sample = 0; sample < rows.Length; sample++)
        {
            counts[rows[sample], columns[sample]]++;
        }
    }

    private ClassCounts Of(int index) => new(counts[index, index], Predicted(index), Actual(index));

    private string Name(int index) => names.Count > 0 ? names[index] : index.ToString(CultureInfo.InvariantCulture);
}

using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>How good a model is on some data.</summary>
/// <param name="Loss">The mean loss over the targets that count, with label smoothing and penalties where they are declared.</param>
/// <param name="Metrics">What else was measured, in the order that it was asked for.</param>
/// <example><code>
/// var measured = model.Evaluate(unseen, Metric.Accuracy, Metric.F1(Averaging.Macro), Metric.Confusion());
/// Console.WriteLine($"{measured.Loss:F4} {measured["macro F1"]:F3}");
/// Console.WriteLine(measured.Sum&lt;ConfusionMatrix&gt;());
/// </code></example>
public sealed record Measurement(double Loss, IReadOnlyList<MeasuredMetric> Metrics)
{
    /// <summary>The first metric; null without one, or where it is not defined.</summary>
    public double? Metric => Metrics.Count > 0 ? Metrics[0].Value : null;

    /// <summary>A metric by its name, or a part of one; null where it is not defined.</summary>
    /// <exception cref="KeyNotFoundException">It was not measured.</exception>
    public double? this[string name]
    {
        get
        {
            List<MetricPart> known = [.. Metrics.SelectMany(metric => metric.All)];
            var place = known.FindIndex(part => part.Name == name);
            return place >= 0
                ? known[place].Value
                : throw new KeyNotFoundException($"'{name}' was not measured: expected one of {string.Join(", ", known.Select(part => part.Name))}.");
        }
    }

    /// <summary>What a metric has summed up, where that says more than a number.</summary>
    /// <exception cref="InvalidOperationException">None of the metrics, or several, sum up so.</exception>
    public TSum Sum<TSum>()
        where TSum : IMetricSum => Metrics.Select(metric => metric.Sum).OfType<TSum>().ToList() is [var only]
        ? only
        : throw new InvalidOperationException(
            $"Expected one metric that sums up a {typeof(TSum).Name} among {string.Join(", ", Metrics.Select(metric => metric.Name))}.");

    /// <summary>
    /// Measures a model in eval mode and without gradients. Every module gets its own mode back. The result does not depend on how the data are cut into
    /// batches.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="loss">The loss of its output and the targets, a mean over the targets that count.</param>
    /// <param name="source">The data: epoch 0 of them.</param>
    /// <param name="metric">What is measured beside the loss.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="ArgumentException">There is no batch, no target counts, or the metric cannot read the targets.</exception>
    /// <exception cref="OperationCanceledException">It was asked to end.</exception>
    public static Measurement Of(
        nn.Module<Tensor, Tensor> model, Func<Tensor, Tensor, Tensor> loss, IBatchSource source, IMetric? metric, CancellationToken cancellation = default) =>
        OfAll(model, loss, source, metric is null ? [] : [metric], cancellation);

    /// <summary>The same for several metrics, each under a name of its own.</summary>
    internal static Measurement OfAll(
        nn.Module<Tensor, Tensor> model,
        Func<Tensor, Tensor, Tensor> loss,
        IBatchSource source,
        IReadOnlyList<IMetric> metrics,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(metrics);
        using var evaluation = model.EvalScope();
        using var noGradients = no_grad();
        var losses = new LossMean();
        List<(IMetric Metric, IMetricSum Sum)>? sums = null;
        var batches = 0;
        foreach (var batch in source.Epoch(0))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var (inputs, targets) = Placement.On(model, batch);
            var output = model.call(inputs);
            var (value, objective, counted) = Loss(loss, output, targets);
            losses.Add(value, counted);
            batches++;
            var seen = new MeasuredBatch(output, targets, objective);
            sums ??= [.. MetricSet.Resolve(metrics, seen).Metrics.Select(metric => (metric, metric.Begin()))];
            sums.ForEach(pair => pair.Sum.Add(seen));
        }

        return losses.Counted > 0
            ? new(losses.Value, [.. sums!.Select(pair => new MeasuredMetric(pair.Metric.Name, pair.Sum))])
            : throw new ArgumentException(batches == 0 ? "The data have no batch: expected at least one." : $"No target of the {batches} batches counts: all "
                + "of them are ignored.", nameof(source));

        static (double Value, ObservedObjective? Objective, double Counted) Loss(Func<Tensor, Tensor, Tensor> loss, Tensor output, Tensor targets)
        {
            using var watch = new ObjectiveWatch();
            var value = loss(output, targets).ToDouble();
            var (objective, counted) = LossMean.Of(watch, targets);
            return (value, objective, counted);
        }
    }
}

/// <summary>A metric of all of some data.</summary>
public sealed record MeasuredMetric
{
    internal MeasuredMetric(string name, IMetricSum sum) => (Name, Sum, Value, Parts) = (name, sum, sum.Value, sum.Parts);

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>The number; null where it is not defined.</summary>
    public double? Value { get; }

    /// <summary>The same for parts of the data, where the metric has them.</summary>
    public IReadOnlyList<MetricPart> Parts { get; }

    /// <summary>The metric and its parts.</summary>
    internal IEnumerable<MetricPart> All => Parts.Prepend(new(Name, Value));

    /// <summary>What it follows from.</summary>
    public IMetricSum Sum { get; }
}

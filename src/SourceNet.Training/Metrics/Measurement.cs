using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>How good a model is on some data.</summary>
/// <param name="Loss">The mean loss over the targets that count, with label smoothing and penalties where they are declared.</param>
/// <param name="Metric">The metric; null without one.</param>
public readonly record struct Measurement(double Loss, double? Metric)
{
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
        nn.Module<Tensor, Tensor> model, Func<Tensor, Tensor, Tensor> loss, IBatchSource source, IMetric? metric, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(source);
        using var evaluation = model.EvalScope();
        using var noGradients = no_grad();
        var losses = new LossMean();
        IMetricSum? sum = null;
        var batches = 0;
        foreach (var batch in source.Epoch(0))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var (inputs, targets) = Placement.On(model, batch);
            var output = model.call(inputs);
            var (value, objective, counted) = Loss(loss, output, targets);
            losses.Add(value, counted);
            var seen = new MeasuredBatch(output, targets, objective);
            sum = batches++ == 0 ? DefaultMetric.Resolve(metric, seen)?.Begin() : sum;
            sum?.Add(seen);
        }

        return losses.Counted > 0
            ? new(losses.Value, sum?.Value)
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

using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>
/// What a model makes of data, and how good it is, without training it: in eval mode and without gradients. Every module gets its own mode back.
/// </summary>
public static class Inference
{
    /// <summary>
    /// The model's outputs for all samples of a source, on the CPU, in the order that the samples have in the data even if the source shuffles.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="source">The data: epoch 0 of them. Its targets are not looked at.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns><c>[N, ...]</c>, the caller's.</returns>
    /// <exception cref="ArgumentException">There is no batch, or a source that shuffles leaves samples out or has some several times.</exception>
    /// <exception cref="OperationCanceledException">It was asked to end.</exception>
    public static Tensor Predict(this nn.Module<Tensor, Tensor> model, IBatchSource source, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(source);
        using var evaluation = model.EvalScope();
        using var noGradients = no_grad();
        using var all = NewDisposeScope();
        List<Tensor> outputs = [];
        foreach (var batch in source.Epoch(0))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            outputs.Add(model.call(Placement.On(model, batch).Inputs).detach().cpu().clone().MoveToOuterDisposeScope());
        }

        if (outputs.Count == 0)
        {
            throw new ArgumentException("The data have no batch: expected at least one.", nameof(source));
        }

        var found = cat(outputs);
        return (source.Order(0) is { } order ? InPlace(found, order) : found).DetachFromDisposeScope();
    }

    /// <summary>The model's outputs for samples, on the CPU, in their order.</summary>
    /// <param name="model">The model.</param>
    /// <param name="inputs">The samples, <c>[N, ...]</c>.</param>
    /// <param name="size">How many go through the model at a time, at least 1.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns><c>[N, ...]</c>, the caller's.</returns>
    /// <exception cref="ArgumentException">There is no sample.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size below 1.</exception>
    public static Tensor Predict(this nn.Module<Tensor, Tensor> model, Tensor inputs, int size = 64, CancellationToken cancellation = default) =>
        model.Predict(new TensorBatches(inputs, inputs, size), cancellation);

    /// <summary>The loss that a model declares, and metrics, on some data.</summary>
    /// <param name="model">The model.</param>
    /// <param name="source">The data: epoch 0 of them.</param>
    /// <param name="metrics">What is measured beside the loss, each under a name of its own; none for what suits the objective.</param>
    /// <exception cref="ArgumentException">There is no batch, no target counts, or a metric cannot read the targets.</exception>
    public static Measurement Evaluate(this Model model, IBatchSource source, params IMetric[] metrics)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Evaluate(model.Loss, source, metrics);
    }

    /// <summary>A loss and metrics of a model on some data.</summary>
    /// <param name="model">The model.</param>
    /// <param name="loss">The loss of its output and the targets, a mean over the targets that count.</param>
    /// <param name="source">The data: epoch 0 of them.</param>
    /// <param name="metrics">What is measured beside the loss, each under a name of its own; none for what suits the objective.</param>
    /// <exception cref="ArgumentException">There is no batch, no target counts, or a metric cannot read the targets.</exception>
    public static Measurement Evaluate(
        this nn.Module<Tensor, Tensor> model, Func<Tensor, Tensor, Tensor> loss, IBatchSource source, params IMetric[] metrics) =>
        Measurement.OfAll(model, loss, source, metrics is { Length: > 0 } ? metrics : [Metric.Default], CancellationToken.None);

    private static Tensor InPlace(Tensor outputs, IReadOnlyList<int> order)
    {
        if (outputs.size(0) != order.Count)
        {
            throw new ArgumentException(
                $"Expected an output for each of {order.Count} samples, found {outputs.size(0)}: a source that shuffles and leaves samples out (dropLast) "
                    + "does not say which. Predict from one that has all of them.", "source");
        }

        if (order.Distinct().Count() < order.Count)
        {
            throw new ArgumentException("Expected each sample once, found some several times: a source with weights has no order of the data.", "source");
        }

        long[] places = [.. Enumerable.Range(0, order.Count).OrderBy(place => order[place]).Select(place => (long)place)];
        return outputs.index_select(0, tensor(places));
    }
}

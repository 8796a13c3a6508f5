using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>How good a model is on some data.</summary>
/// <param name="Loss">The mean loss over the samples, with label smoothing and penalties where they are declared.</param>
/// <param name="Metric">The mean metric over the samples; null without one.</param>
public readonly record struct Measurement(double Loss, double? Metric)
{
    /// <summary>Measures a model in eval mode and without gradients. Every module gets its own mode back.</summary>
    /// <param name="model">The model.</param>
    /// <param name="loss">The loss of its output and the targets, a mean over the samples.</param>
    /// <param name="source">The data: epoch 0 of them.</param>
    /// <param name="metric">What is measured beside the loss.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="OperationCanceledException">It was asked to end.</exception>
    public static Measurement Of(nn.Module<Tensor, Tensor> model, Func<Tensor, Tensor, Tensor> loss, IBatchSource source, Metric? metric, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(source);
        using var evaluation = model.EvalScope();
        using var noGradients = no_grad();
        var (losses, metrics, samples) = (0.0, 0.0, 0L);
        foreach (var batch in source.Epoch(0))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var (inputs, targets) = Placement.On(model, batch);
            var output = model.call(inputs);
            var count = inputs.size(0);
            losses += loss(output, targets).ToDouble() * count;
            metrics += metric?.Mean(output, targets) * count ?? 0;
            samples += count;
        }

        return new(losses / samples, metric is null ? null : metrics / samples);
    }
}

using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>A number that says how good predictions are, beside the loss.</summary>
/// <param name="Name">Its name, as histories and displays show it.</param>
/// <param name="Mean">The mean over the samples of a batch, of the model's output and the targets.</param>
public sealed record Metric(string Name, Func<Tensor, Tensor, double> Mean)
{
    /// <summary>The share of class indices that are right, in [0, 1]. Classes are on the last axis of <c>[N, ..., classes]</c>, or on axis 1 of <c>[N, classes, ...]</c>.</summary>
    public static Metric Accuracy { get; } = new("accuracy", Right);

    private static double Right(Tensor logits, Tensor targets)
    {
        using var scope = NewDisposeScope();
        var isLast = logits.ndim == targets.ndim + 1 && logits.shape.AsSpan(0, logits.shape.Length - 1).SequenceEqual(targets.shape);
        return logits.argmax(isLast ? -1 : 1).eq(targets).to(ScalarType.Float64).mean().ToDouble();
    }
}

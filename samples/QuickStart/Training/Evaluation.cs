using QuickStart.Data;
using SourceNet;
using static TorchSharp.torch;

namespace QuickStart.Training;

/// <summary>What a model says when it does not learn: dropout off, batch norm with its running statistics, no gradients.</summary>
internal static class Evaluation
{
    private const int BatchSize = 500;

    /// <summary>The share of images that the model gets right, in [0, 1].</summary>
    public static double Accuracy(Model model, LabeledImages images)
    {
        using var scope = NewDisposeScope();
        var right = Logits(model, images).argmax(1).eq(images.Labels()).sum();
        return (double)right.item<long>() / images.Count;
    }

    /// <summary>The logits of all images, <c>[N, 10]</c>.</summary>
    public static Tensor Logits(Model model, LabeledImages images)
    {
        using var evaluation = model.EvalScope();
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var order = Enumerable.Range(0, images.Count).ToArray();
        var logits = new List<Tensor>();
        for (var start = 0; start < order.Length; start += BatchSize)
        {
            using var batchScope = NewDisposeScope();
            var (batch, _) = images.Batch(order.AsSpan(start, Math.Min(BatchSize, order.Length - start)));
            logits.Add(model.call(batch).MoveToOuterDisposeScope());
        }
        return cat(logits).MoveToOuterDisposeScope();
    }
}

using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>Logits of yes or no, a row a sample and a column a label: one logit, or several labels that may hold together.</summary>
/// <param name="Logits"><c>[M, L]</c>.</param>
/// <param name="Yes">Whether the label holds, <c>[M, L]</c> of type Bool.</param>
internal readonly record struct LabelLogits(Tensor Logits, Tensor Yes)
{
    internal long Labels => Logits.size(1);

    /// <summary>Whether a batch is of yes and no: by the objective, or, of a loss of one's own, by targets of the shape of the outputs.</summary>
    internal static bool Fits(MeasuredBatch batch) => batch.Objective is { } objective
        ? objective.Kind == ObjectiveKind.BinaryCrossEntropy
        : batch.Targets.shape.AsSpan().SequenceEqual(batch.Outputs.shape);

    /// <summary>What a batch has of them: labels on axis 1, targets true above 1/2. The tensors belong to the scope that is open.</summary>
    /// <exception cref="ArgumentException">Outputs and targets are not of one shape.</exception>
    internal static LabelLogits Of(MeasuredBatch batch, string metric)
    {
        ClassTargets.CheckSame(batch, metric);
        using var half = 0.5.ToScalar();
        return new(Rows(batch.Outputs.detach()), Rows(batch.Targets.dtype == ScalarType.Bool ? batch.Targets : batch.Targets.gt(half)));
    }

    private static Tensor Rows(Tensor tensor) => tensor.ndim < 2 ? tensor.reshape(-1, 1) : tensor.movedim([1], [-1]).reshape(-1, tensor.size(1));
}

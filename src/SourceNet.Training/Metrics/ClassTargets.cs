using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>Logits of classes and what they are compared with.</summary>
internal static class ClassTargets
{
    /// <summary>What PyTorch ignores if nothing is said: not the index of any class.</summary>
    internal const long NoIndex = -100;

    /// <summary>Where the classes are, if nothing but the shapes tells it.</summary>
    /// <exception cref="ArgumentException">The targets are no class indices, or the classes may be on axis 1 and on the last one.</exception>
    internal static int Axis(Tensor outputs, Tensor targets)
    {
        var last = (int)outputs.ndim - 1;
        if (targets.dtype != ScalarType.Int64 || outputs.ndim < 2)
        {
            throw new ArgumentException(
                $"Accuracy of a loss that is none of Objectives takes class indices of type Int64, and the targets are {Text(targets)} for "
                + $"outputs {Text(outputs)}: set TrainerOptions.Metric to Metric.BinaryAccuracy, "
                + "Metric.ClassAccuracy(axis), Metric.MeanAbsoluteError, one of your own, or null.");
        }

        var (isFirst, isLast) = (Fits(outputs, targets, 1), Fits(outputs, targets, last));
        if (isFirst && isLast && last > 1)
        {
            throw new ArgumentException(
                $"The classes of outputs {Text(outputs)} for targets {Text(targets)} may be on axis 1 or on the last one: set TrainerOptions.Metric to "
                    + "Metric.ClassAccuracy(1) or Metric.ClassAccuracy(-1).");
        }

        return isLast ? last : 1;
    }

    /// <exception cref="ArgumentException">The targets are neither the indices of classes on this axis nor their probabilities.</exception>
    internal static void Check(Tensor outputs, Tensor targets, int axis)
    {
        var fits = axis >= 0 && axis < outputs.ndim
            && (targets.dtype == ScalarType.Int64
                ? Fits(outputs, targets, axis)
                : targets.is_floating_point() && targets.shape.AsSpan().SequenceEqual(outputs.shape));
        if (!fits)
        {
            throw new ArgumentException(
                $"Accuracy takes class indices of type Int64, of the shape of the outputs without their axis {axis}, or probabilities of the shape of the "
                    + $"outputs; found targets {Text(targets)} for outputs {Text(outputs)}.");
        }
    }

    /// <exception cref="ArgumentException">The targets have another shape than the outputs.</exception>
    internal static void CheckSame(MeasuredBatch batch, string metric)
    {
        if (!batch.Outputs.shape.AsSpan().SequenceEqual(batch.Targets.shape))
        {
            throw new ArgumentException(
                $"{metric} takes outputs and targets of one shape, and these are {Text(batch.Outputs)} and {Text(batch.Targets)}: "
                    + "set TrainerOptions.Metric to another one, or to null.");
        }
    }

    internal static string Text(Tensor tensor) => $"{tensor.dtype} [{string.Join(", ", tensor.shape)}]";

    private static bool Fits(Tensor outputs, Tensor targets, int axis) =>
        axis < outputs.ndim && targets.shape.AsSpan().SequenceEqual([.. outputs.shape.Where((_, place) => place != axis)]);
}

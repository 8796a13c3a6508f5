using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>
/// A callback that changes what a step computes, or which weights are measured. Techniques wrap each other: the first of the list is the outermost.
/// </summary>
public interface ITrainingTechnique : ITrainingCallback
{
    /// <summary>Changes a batch before its step, on the model's device: MixUp does.</summary>
    (Tensor Inputs, Tensor Targets) Batch(TrainingRun run, Tensor inputs, Tensor targets, RandomKey key) => (inputs, targets);

    /// <summary>Computes the objective of a batch: R-Drop takes two forward passes for it.</summary>
    /// <param name="run">The training.</param>
    /// <param name="inputs">The batch.</param>
    /// <param name="targets">Its targets.</param>
    /// <param name="next">The objective without this technique.</param>
    /// <returns>A scalar to go backward from.</returns>
    Tensor Objective(TrainingRun run, Tensor inputs, Tensor targets, Func<Tensor> next) => next();

    /// <summary>Computes the gradients of a step: sharpness-aware minimization takes a second pass at other weights.</summary>
    /// <param name="run">The training.</param>
    /// <param name="objective">Computes the objective of the batch anew.</param>
    /// <param name="next">The gradients without this technique: removes those of before, computes the objective, goes backward. Returns the loss.</param>
    /// <returns>The loss that the step reports.</returns>
    double Gradients(TrainingRun run, Func<Tensor> objective, Func<double> next) => next();

    /// <summary>Puts other weights into the model while it is measured, until the result is disposed; null for none.</summary>
    IDisposable? Stand(TrainingRun run) => null;
}

using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>
/// Takes part in a training at its moments: may log, stop it, change learning rates, freeze and thaw. Every member does nothing unless it is written.
/// </summary>
/// <remarks>
/// The members are called on the training's thread, callbacks in their order. What one of them throws ends the training. A callback that must know something
/// after a resume saves it; what follows from the
/// epoch alone needs no state, since the moments of a resumed training carry its numbers.
/// </remarks>
/// <example><code>
/// sealed class Thaw(nn.Module backbone) : ITrainingCallback
/// {
///     public void EpochBegins(TrainingRun run)
///     {
///         if (run.Epoch &lt; 4) run.Freeze(backbone); else run.Thaw(backbone);
///     }
/// }
/// new Trainer(model, new() { Callbacks = [new Thaw(model.Backbone)] })
/// </code></example>
public interface ITrainingCallback
{
    /// <summary>What its state is called in checkpoints: no two of a training alike, if they have any.</summary>
    string Name => GetType().Name;

    /// <summary>Before the first epoch, after a checkpoint was loaded.</summary>
    void FitBegins(TrainingRun run)
    {
    }

    /// <summary>Before the first step of an epoch, or before the first one that a resumed training still has to do.</summary>
    void EpochBegins(TrainingRun run)
    {
    }

    /// <summary>
    /// Before the forward pass of a step. The learning rates of <see cref="TrainingRun.Optimizer"/> are those of the schedule: what is changed here holds for
    /// this step.
    /// </summary>
    void StepBegins(TrainingRun run)
    {
    }

    /// <summary>After the backward pass: gradients are finite, the weights those from before the step.</summary>
    void GradientsReady(TrainingRun run)
    {
    }

    /// <summary>After the optimizer's step.</summary>
    void StepEnds(TrainingRun run)
    {
    }

    /// <summary>An epoch is measured, and the model has the weights that were: averages, where there are some. What is written into them is lost.</summary>
    void Measured(TrainingRun run, EpochResult result)
    {
    }

    /// <summary>After an epoch. The model has the weights that it goes on with.</summary>
    void EpochEnds(TrainingRun run)
    {
    }

    /// <summary>After the last epoch. May give the model other weights, and then sets <see cref="TrainingRun.Final"/>.</summary>
    void FitEnds(TrainingRun run)
    {
    }

    /// <summary>The state of the training was written into a file, by <see cref="TrainingRun.SaveCheckpoint"/> of this callback or of another.</summary>
    void Saved(TrainingRun run, string path)
    {
    }

    /// <summary>What it must know after a resume, on any device. The tensors stay its own.</summary>
    IReadOnlyDictionary<string, Tensor> Save() => new Dictionary<string, Tensor>();

    /// <summary>Takes what <see cref="Save"/> gave. The tensors are disposed afterwards.</summary>
    /// <exception cref="ArgumentException">It does not fit.</exception>
    void Load(IReadOnlyDictionary<string, Tensor> state)
    {
    }
}

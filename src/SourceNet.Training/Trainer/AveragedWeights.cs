using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>EMA or SWA of a model while it trains, or nothing.</summary>
internal sealed class AveragedWeights : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> model;
    private readonly Ema? ema;
    private readonly Swa? swa;
    private readonly double from;

    /// <exception cref="ArgumentException">Both are declared.</exception>
    internal AveragedWeights(nn.Module<Tensor, Tensor> model, DeclaredTraining training)
    {
        if (training is { EmaDecay: not null, SwaFrom: not null })
        {
            throw new ArgumentException("Ema and Swa both take the place of the weights in the end: declare one of them.", nameof(training));
        }

        this.model = model;
        ema = training.EmaDecay is { } decay ? new Ema(model, decay) : null;
        swa = training.SwaFrom is not null ? new Swa(model) : null;
        from = training.SwaFrom ?? 0;
    }

    /// <summary>Whether the averages are what the training ends with.</summary>
    internal bool AreFinal => ema is not null || swa is { Count: > 0 };

    internal void StepDone() => ema?.Update();

    /// <param name="done">The share of the epochs that are done.</param>
    internal void EpochDone(double done)
    {
        if (done > from)
        {
            swa?.Update();
        }
    }

    /// <summary>Puts the moving average into the model while it is measured. The mean of SWA would need new statistics of batch norms first.</summary>
    internal IDisposable? Measured() => ema?.Apply();

    /// <summary>Puts the averages into the model for good.</summary>
    /// <param name="train">What the model learned from: statistics of batch norms are estimated on its first epoch anew for the mean of weights.</param>
    internal void Finish(IBatchSource train)
    {
        if (swa is { Count: > 0 })
        {
            swa.UpdateBatchNorm(train.Epoch(0).Select(batch => Placement.On(model, batch).Inputs), input => model.call(input));
        }

        if (AreFinal)
        {
            State.Copy(State.Without(Save(), "n_averaged"), model);
        }
    }

    internal IReadOnlyDictionary<string, Tensor> Save() => ema?.Save() ?? swa?.Save() ?? new Dictionary<string, Tensor>();

    internal void Load(IReadOnlyDictionary<string, Tensor> state)
    {
        ema?.Load(state);
        swa?.Load(state);
    }

    public void Dispose()
    {
        ema?.Dispose();
        swa?.Dispose();
    }
}

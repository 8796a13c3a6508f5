using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>The weights of the epoch in which what is watched was best, kept in memory.</summary>
internal sealed class BestState : IDisposable
{
    private Dictionary<string, Tensor>? kept;

    /// <summary>Keeps the weights that were measured, if they are the best so far.</summary>
    internal void Take(TrainingRun run, EpochResult result, Monitor monitor)
    {
        if (ReferenceEquals(monitor.Best(run.Results), result))
        {
            State.Dispose(kept);
            kept = State.Clone(run.Model);
        }
    }

    /// <summary>Gives them to the model, whose final result is that of their epoch then.</summary>
    internal void PutBack(TrainingRun run, Monitor monitor)
    {
        if (kept is not null)
        {
            State.Copy(kept, run.Model);
            run.Final = monitor.Best(run.Results);
        }
    }

    internal IReadOnlyDictionary<string, Tensor> Save() => kept ?? [];

    internal void Load(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        State.Dispose(kept);
        kept = state.Count == 0 ? null : state.ToDictionary(pair => pair.Key, pair => pair.Value.clone().DetachFromDisposeScope());
    }

    public void Dispose()
    {
        State.Dispose(kept);
        kept = null;
    }
}

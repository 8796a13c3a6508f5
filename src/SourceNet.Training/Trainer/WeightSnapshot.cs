using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>The state dict of a model at the beginning of an epoch, for when a step has left nothing else of it.</summary>
internal sealed class WeightSnapshot : IDisposable
{
    private Dictionary<string, Tensor>? kept;

    internal void Take(nn.Module model)
    {
        if (kept is null)
        {
            kept = State.Clone(model);
            return;
        }

        using var noGradient = no_grad();
        foreach (var (name, value) in model.state_dict())
        {
            kept[name].copy_(value);
        }
    }

    /// <summary>Whether there is one, all of whose numbers are finite.</summary>
    internal bool IsFinite
    {
        get
        {
            using var scope = NewDisposeScope();
            return kept is not null && kept.Values.All(value => !value.is_floating_point() || value.isfinite().all().item<bool>());
        }
    }

    internal void Restore(nn.Module model) => State.Copy(kept!, model);

    public void Dispose() => State.Dispose(kept);
}

using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>A second copy of a module's state dict, which moves toward it, counts how often, and can stand in its place.</summary>
/// <remarks>
/// Parameters and running statistics are averaged. Every other buffer is copied: there is no mean of counters, of the directions of a spectral norm, or of a
/// mask of infinities.
/// Half-precision tensors are averaged in float32, where a small share of a difference is not rounded away.
/// </remarks>
internal sealed class AveragedState : IDisposable
{
    /// <summary>How PyTorch calls it too. No module has a tensor of this name.</summary>
    internal const string CountName = "n_averaged";

    private readonly List<(string Name, Entry Entry)> names = [];
    private readonly List<Entry> entries = [];
    private readonly Tensor count;
    private Application? application;

    internal AveragedState(nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var noGradient = no_grad();
        var known = new Dictionary<Tensor, Entry>(SameMemory.Comparer);
        foreach (var (name, live) in model.state_dict())
        {
            if (!known.TryGetValue(live, out var entry))
            {
                entry = new Entry(name, live);
                known.Add(live, entry);
                entries.Add(entry);
            }

            names.Add((name, entry));
        }

        count = zeros([], ScalarType.Int64).DetachFromDisposeScope();
    }

    /// <summary>How often it moved.</summary>
    internal long Count => count.item<long>();

    internal bool IsApplied => application is not null;

    /// <summary><c>average ← average + share · (live − average)</c></summary>
    internal void Move(double share)
    {
        CheckNotApplied();
        CheckLive();
        using var noGradient = no_grad();
        using var factor = share.ToScalar();
        foreach (var entry in entries)
        {
            entry.Move(factor);
        }

        using var one = 1.ToScalar();
        count.add_(one, one);
    }

    /// <summary>Puts the averages into the module until the result is disposed.</summary>
    internal IDisposable Apply()
    {
        CheckNotApplied();
        CheckLive();
        return application = new Application(this);
    }

    /// <summary>The averages by the names of the state dict, and their number. The tensors stay this object's own.</summary>
    internal Dictionary<string, Tensor> Save()
    {
        var saved = names.ToDictionary(pair => pair.Name, pair => pair.Entry.Average);
        saved.Add(CountName, count);
        return saved;
    }

    /// <summary>Copies what <see cref="Save"/> gave. Everything is checked before anything is changed.</summary>
    internal void Load(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        SavedTensor.Check(state, CountName, count);
        CheckNotApplied();
        var unexpected = state.Keys.Except(names.Select(pair => pair.Name)).Where(name => name != CountName).ToList();
        if (unexpected.Count > 0)
        {
            throw new ArgumentException($"The module has no {string.Join(", ", unexpected)}.", nameof(state));
        }

        foreach (var (name, entry) in names)
        {
            SavedTensor.Check(state, name, entry.Average);
        }

        using var noGradient = no_grad();
        foreach (var (name, entry) in names)
        {
            entry.Average.copy_(state[name]);
        }

        count.copy_(state[CountName]);
    }

    /// <summary>Makes the module's buffers those that stand in for it from now on.</summary>
    internal void TakeBuffers() => CopyBuffers(entry => entry.Average.copy_(entry.Live));

    /// <summary>Puts the buffers of this state into the module again.</summary>
    internal void ReturnBuffers() => CopyBuffers(entry => entry.Live.copy_(entry.Average));

    public void Dispose()
    {
        application?.Dispose();
        entries.ForEach(entry => entry.Average.Dispose());
        count.Dispose();
    }

    private void CopyBuffers(Action<Entry> copy)
    {
        using var noGradient = no_grad();
        entries.FindAll(entry => entry.Live is not Parameter).ForEach(copy);
    }

    private void CheckNotApplied()
    {
        if (IsApplied)
        {
            throw new InvalidOperationException("The averages are in the module's place. Dispose what Apply gave first.");
        }
    }

    private void CheckLive()
    {
        if (entries.Find(entry => entry.Live.IsInvalid) is { } gone)
        {
            throw new InvalidOperationException($"'{gone.Name}' was disposed since averaging began. Moving or converting a module with .to() replaces its "
                + "parameters: begin afterwards.");
        }
    }

    private sealed class Entry
    {
        private readonly bool averages;

        internal Entry(string name, Tensor live)
        {
            (Name, Live) = (name, live);
            averages = (live is Parameter || name.EndsWith("running_mean", StringComparison.Ordinal) || name.EndsWith("running_var", StringComparison.Ordinal))
                && (live.is_floating_point() || live.is_complex());
            var type = averages && live.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? ScalarType.Float32 : live.dtype;
            Average = live.to(type, copy: true).DetachFromDisposeScope();
        }

        internal string Name { get; }

        internal Tensor Live { get; }

        internal Tensor Average { get; }

        internal void Move(Scalar share)
        {
            if (!averages)
            {
                Average.copy_(Live);
                return;
            }

            using var difference = Live.sub(Average);
            Average.add_(difference, share);
        }
    }

    /// <summary>The averages in the module's place, and the module's own values until they are put back.</summary>
    private sealed class Application : IDisposable
    {
        private readonly AveragedState state;
        private readonly List<Tensor> own;

        internal Application(AveragedState state)
        {
            this.state = state;
            using var noGradient = no_grad();
            own = state.entries.ConvertAll(entry => entry.Live.clone().DetachFromDisposeScope());
            state.entries.ForEach(entry => entry.Live.copy_(entry.Average));
        }

        public void Dispose()
        {
            if (state.application != this)
            {
                return;
            }

            state.application = null;
            using var noGradient = no_grad();
            foreach (var (entry, value) in state.entries.Zip(own))
            {
                entry.Live.copy_(value);
                value.Dispose();
            }
        }
    }
}

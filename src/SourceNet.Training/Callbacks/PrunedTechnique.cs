using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>
/// Sets the smallest weights to 0 as parameter groups declare it, <see cref="WeightRegularization.Sparsity"/>, at the beginning of their epoch, and holds them
/// there: in training, in averages that are measured, and in the weights that the training ends with.
/// </summary>
internal sealed class PrunedTechnique : ITrainingTechnique, IDisposable
{
    private readonly List<Target> targets;

    /// <exception cref="ArgumentException">The training ends before a weight is pruned.</exception>
    internal PrunedTechnique(nn.Module model, int epochs)
    {
        var seen = new HashSet<Tensor>(SameMemory.Comparer);
        // A model around others comes first: its groups have theirs, with its defaults.
        targets =
        [
            .. from inner in model.modules().Prepend(model).OfType<IModel>()
               from @group in inner.ParameterGroups()
               from parameter in @group.Parameters
               where seen.Add(parameter) && @group.Regularization.Sparsity > 0
               select new Target(parameter, @group.Regularization.Sparsity!.Value, @group.Regularization.SparsityFromEpoch),
        ];
        if (targets.Find(target => target.FromEpoch > epochs) is { FromEpoch: var from })
        {
            throw new ArgumentException($"Pruned begins with epoch {from}, and the training has {epochs}: nothing would be pruned.", nameof(epochs));
        }
    }

    public string Name => "pruned";

    /// <summary>Whether anything is to be pruned.</summary>
    internal bool IsNeeded => targets.Count > 0;

    public void EpochBegins(TrainingRun run)
    {
        foreach (var target in targets.Where(target => target.Zeros is null && run.Epoch >= target.FromEpoch))
        {
            Pruning.PruneSmallest(target.Parameter, target.Share);
            using var noGradient = no_grad();
            using var zero = 0.ToScalar();
            target.Zeros = target.Parameter.eq(zero).DetachFromDisposeScope();
        }
    }

    public void GradientsReady(TrainingRun run)
    {
        foreach (var (parameter, zeros) in Held())
        {
            using var gradient = parameter.grad;
            Pruning.SetToZero(gradient, zeros);
        }
    }

    public void StepEnds(TrainingRun run) => Hold();

    public IDisposable? Stand(TrainingRun run)
    {
        // Averages remember what the weights were before.
        Hold();
        return null;
    }

    public void FitEnds(TrainingRun run)
    {
        if (Held().Any(held => IsAnyLeft(held.Parameter, held.Zeros)))
        {
            Hold();
            run.Final = run.Measure();
        }
    }

    public IReadOnlyDictionary<string, Tensor> Save() =>
        targets
            .Select((target, index) => (target.Zeros, index))
            .Where(pair => pair.Zeros is not null)
            .ToDictionary(pair => Key(pair.index), pair => pair.Zeros!.to(ScalarType.Byte));

    public void Load(IReadOnlyDictionary<string, Tensor> state)
    {
        for (var index = 0; index < targets.Count; index++)
        {
            var target = targets[index];
            target.Zeros?.Dispose();
            target.Zeros = state.TryGetValue(Key(index), out var zeros)
                ? zeros.to(ScalarType.Bool, target.Parameter.device, copy: true).DetachFromDisposeScope()
                : null;
        }
    }

    public void Dispose()
    {
        foreach (var target in targets)
        {
            target.Zeros?.Dispose();
            target.Zeros = null;
        }
    }

    private static string Key(int index) => FormattableString.Invariant($"zeros.{index}");

    private static bool IsAnyLeft(Parameter parameter, Tensor zeros)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var zero = 0.ToScalar();
        return parameter.ne(zero).logical_and(zeros).any().item<bool>();
    }

    private void Hold()
    {
        foreach (var (parameter, zeros) in Held())
        {
            Pruning.SetToZero(parameter, zeros);
        }
    }

    private IEnumerable<(Parameter Parameter, Tensor Zeros)> Held() =>
        targets.Where(target => target.Zeros is not null).Select(target => (target.Parameter, target.Zeros!));

    /// <param name="Parameter">The weights.</param>
    /// <param name="Share">The share of them that is 0.</param>
    /// <param name="FromEpoch">At the beginning of which epoch.</param>
    private sealed record Target(Parameter Parameter, double Share, int FromEpoch)
    {
        /// <summary>Which of them are held at 0; null before they are pruned.</summary>
        public Tensor? Zeros { get; set; }
    }
}

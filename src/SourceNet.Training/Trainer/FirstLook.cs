using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>Tries everything out on the first batch, before anything is trained: a mistake of shapes or types must not show after an epoch.</summary>
internal static class FirstLook
{
    /// <exception cref="InvalidOperationException">Gradients are switched off, or no parameter takes one.</exception>
    internal static void CheckGradients(nn.Module model)
    {
        if (!is_grad_enabled() || is_inference_mode_enabled())
        {
            throw new InvalidOperationException("Training needs gradients, and they are switched off here: call Fit outside of no_grad() and "
                + "inference_mode().");
        }

        if (!model.parameters().Any(parameter => parameter.requires_grad))
        {
            throw new InvalidOperationException($"Every parameter of {model.GetType().Name} is frozen or there is none: expected at least one that requires "
                + "a gradient.");
        }
    }

    /// <summary>
    /// One weight under two names, as <c>head.weight = embed.weight</c> makes it, is stepped and decayed twice by an optimizer that has both.
    /// </summary>
    /// <exception cref="ArgumentException">The optimizer has it twice.</exception>
    internal static void CheckOptimizer(optim.Optimizer optimizer)
    {
        var known = new HashSet<Tensor>(SameMemory.Comparer);
        foreach (var parameter in optimizer.parameters())
        {
            if (!known.Add(parameter))
            {
                throw new ArgumentException(
                    $"The optimizer has a parameter [{string.Join(", ", parameter.shape)}] twice, under two names of one weight: it would be stepped twice. "
                        + "Give it model.parameters().Distinct(SameMemory.Comparer), or take an optimizer of SourceNet.",
                    nameof(optimizer));
            }
        }
    }

    /// <summary>
    /// Runs the model in eval mode on the first batch of the first epoch, and in train mode on one sample of it if there will be such a batch. The model is
    /// left as it was.
    /// </summary>
    /// <returns>The metrics, the default one chosen by the objective, what of them and their parts can be watched, and what the data look like.</returns>
    /// <exception cref="ArgumentException">The data, the loss or the metric do not go with the model.</exception>
    internal static (MetricSet Metrics, IReadOnlyList<(string Name, MetricDirection? Direction)> Measures, BatchTraits Train) Look(
        nn.Module<Tensor, Tensor> model, Func<Tensor, Tensor, Tensor> loss, IReadOnlyList<IMetric> metrics, Sources sources, TrainingModes modes)
    {
        using var scope = NewDisposeScope();
        using var state = new BufferScope(model);
        using var noGradient = no_grad();
        foreach (var batch in sources.Train.Epoch(1))
        {
            var (inputs, targets) = Placement.On(model, batch);
            CheckOneSample(model, sources.Train, inputs, modes);
            using var evaluation = model.EvalScope();
            using var watch = new ObjectiveWatch();
            var output = model.call(inputs);
            loss(output, targets);
            var seen = new MeasuredBatch(output, targets, LossMean.Of(watch, targets).Objective);
            var chosen = MetricSet.Resolve(metrics, seen);
            return (chosen, [.. Monitor.Of(chosen.Metrics.SelectMany(metric => Parts(metric, seen)), sources.Validation is not null)], BatchTraits.Of(batch));
        }

        throw new ArgumentException($"Expected {sources.Train.Count} batches, as the source says, found none in its first epoch.", "train");
    }

    private static IEnumerable<(string Name, MetricDirection? Direction)> Parts(IMetric metric, MeasuredBatch first)
    {
        var sum = metric.Begin();
        sum.Add(first);
        return sum.Parts.Select(part => part.Name).Prepend(metric.Name).Select(name => (name, metric.Direction));
    }

    private static void CheckOneSample(nn.Module<Tensor, Tensor> model, IBatchSource train, Tensor inputs, TrainingModes modes)
    {
        if (train.SmallestBatch != 1)
        {
            return;
        }

        using var guard = new BatchNormGuard(model);
        using var mode = modes.Train();
        model.call(inputs.narrow(0, 0, 1));
    }
}

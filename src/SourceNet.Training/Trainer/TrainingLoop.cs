using System.Diagnostics;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>One training: its epochs and steps, and the moments of its callbacks. What is more than forward, backward and step, callbacks do.</summary>
internal sealed class TrainingLoop : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> model;
    private readonly Func<Tensor, Tensor, Tensor> loss;
    private readonly optim.Optimizer optimizer;
    private readonly TrainerOptions options;
    private readonly Sources sources;
    private readonly ITrainingCallback[] callbacks;
    private readonly ITrainingTechnique[] techniques;
    private readonly ITrainingTechnique[] innermostFirst;
    private readonly CancellationToken cancellation;
    private readonly TrainingModes modes;
    private readonly TrainingRun run;
    private readonly TrainingState state;
    private readonly MetricSet metrics;
    private readonly double[] rates;
    private readonly (string Path, Parameter Parameter)[] parameters;
    private readonly NormStatistics statistics;
    private readonly WeightSnapshot snapshot = new();
    private readonly int stepsPerEpoch;

    private double stepLoss;
    private string snapshotOf = "";
    private bool mustRecover;

    internal TrainingLoop(
        nn.Module<Tensor, Tensor> model,
        Func<Tensor, Tensor, Tensor> loss,
        optim.Optimizer optimizer,
        TrainerOptions options,
        Sources sources,
        ITrainingCallback[] callbacks,
        CancellationToken cancellation)
    {
        (this.model, this.loss, this.optimizer, this.options) = (model, loss, optimizer, options);
        (this.sources, this.callbacks, this.cancellation) = (sources, callbacks, cancellation);
        var byName = callbacks.GroupBy(callback => callback.Name);
        if (byName.FirstOrDefault(named => named.Count() > 1 && named.Any(callback => callback.Save().Count > 0)) is { } alike)
        {
            throw new ArgumentException($"Expected callbacks of different names, found several that are called '{alike.Key}': their states would be one in a "
                + "checkpoint.", nameof(callbacks));
        }

        techniques = [.. callbacks.OfType<ITrainingTechnique>()];
        innermostFirst = [.. Enumerable.Reverse(techniques)];
        modes = new TrainingModes(model);
        (metrics, var measures, var traits) = FirstLook.Look(model, loss, options.AllMetrics, sources, modes);
        stepsPerEpoch = (sources.Train.Count + options.AccumulateBatches - 1) / options.AccumulateBatches;
        state = new TrainingState(model, optimizer, callbacks, stepsPerEpoch, traits);
        // Before a checkpoint puts in those of a later step.
        rates = [.. optimizer.ParamGroups.Select(group => group.LearningRate)];
        run = new TrainingRun(model, loss, optimizer, options, sources, modes, () => Result(Stopwatch.GetTimestamp(), 0, []))
        {
            Metrics = metrics.Metrics,
            Measures = measures,
        };
        parameters = [.. model.named_parameters().DistinctBy(pair => pair.parameter, SameMemory.Comparer)];
        statistics = new NormStatistics(model);
    }

    internal TrainingHistory Run()
    {
        if (options.Resume && File.Exists(options.Checkpoint))
        {
            state.Load(options.Checkpoint, metrics.First);
        }

        (run.Step, run.Results, run.RateFactor) = (state.Step, state.Epochs, state.RateFactor);
        options.Progress?.Begin(model.GetType().Name, options.Epochs, stepsPerEpoch, state.Epochs.Count);
        Tell(static (callback, run) => callback.FitBegins(run));
        while (state.Epochs.Count < options.Epochs && !run.IsStopping)
        {
            try
            {
                Recovering(Epoch);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested && options.Checkpoint is not null && state.Step > 0)
            {
                Save(options.Checkpoint);
                throw;
            }
        }

        return Finish();
    }

    public void Dispose()
    {
        statistics.Dispose();
        snapshot.Dispose();
    }

    private void Recovering(Action work)
    {
        try
        {
            work();
        }
        catch (NonFiniteLossException) when (mustRecover)
        {
            snapshot.Restore(model);
            throw;
        }
    }

    private void Epoch()
    {
        run.Epoch = state.Epochs.Count + 1;
        var start = Stopwatch.GetTimestamp();
        var before = state.Running?.Seconds ?? 0;
        snapshot.Take(model);
        snapshotOf = state.Running is null ? $"the beginning of epoch {run.Epoch}" : $"the checkpoint that epoch {run.Epoch} went on from";
        using (modes.Train())
        using (new BatchNormGuard(model))
        {
            Tell(static (callback, run) => callback.EpochBegins(run));
            Learn(start, before);
        }

        Measure(start, before);
        state.Running = null;
        Tell(static (callback, run) => callback.EpochEnds(run));
        SaveWhatIsAsked();
    }

    private void Learn(long start, double secondsBefore)
    {
        var done = state.Running?.Steps ?? 0;
        var skipped = done * options.AccumulateBatches;
        var losses = new LossMean(state.Running?.LossSum ?? 0, state.Running?.Counted ?? 0);
        run.StepLog.Open(state.Running?.Logged ?? []);
        Note();
        using var batches = new StepBatches(sources.Train.Epoch(run.Epoch).Skip(skipped), options.AccumulateBatches);
        while (batches.Next())
        {
            cancellation.ThrowIfCancellationRequested();
            if (skipped + batches.Taken > sources.Train.Count)
            {
                throw Miscounted("more");
            }

            var progress = options.Schedule.At(state.Step, (long)options.Epochs * stepsPerEpoch);
            foreach (var (group, rate) in optimizer.ParamGroups.Zip(rates))
            {
                group.LearningRate = rate * progress * run.RateFactor;
            }

            var (value, counted) = Step(batches.Current);
            losses.Add(value, counted);
            done++;
            options.Progress?.StepDone();
            Note();
            SaveWhatIsAsked();
        }

        if (skipped + batches.Taken < sources.Train.Count)
        {
            throw Miscounted($"{skipped + batches.Taken}");
        }

        stepLoss = losses.Value;

        void Note() => state.Running =
            new(done, losses.Sum, losses.Counted, secondsBefore + Stopwatch.GetElapsedTime(start).TotalSeconds) { Logged = run.StepLog.Sums };
    }

    private ArgumentException Miscounted(string found) =>
        new($"Expected {sources.Train.Count} batches, as the source's Count says, found {found} in epoch {run.Epoch}: the learning rate follows that "
            + "number.", "train");

    private (double Loss, double Counted) Step(IReadOnlyList<TrainingBatch> batches)
    {
        using var scope = NewDisposeScope();
        TrainingBatch[] changed = [.. batches.Select(Changed)];
        Tell(static (callback, run) => callback.StepBegins(run));
        statistics.Keep();
        double value;
        double counted;
        try
        {
            (value, counted) = Gradients(changed);
        }
        catch
        {
            // The step is not taken, and leaves nothing behind.
            statistics.Restore();
            throw;
        }

        Tell(static (callback, run) => callback.GradientsReady(run));
        optimizer.step();
        state.Step++;
        (run.Step, run.StepLoss) = (state.Step, value);
        Tell(static (callback, run) => callback.StepEnds(run));
        return (value, counted);
    }

    /// <summary>A batch as the techniques mix it.</summary>
    private TrainingBatch Changed(TrainingBatch batch)
    {
        var (inputs, targets) = Placement.On(model, batch);
        foreach (var technique in techniques)
        {
            (inputs, targets) = technique.Batch(run, inputs, targets, batch.Key);
        }

        return new(inputs, targets, batch.Key);
    }

    private (double Loss, double Counted) Gradients(TrainingBatch[] batches)
    {
        var mean = new LossMean();
        Func<double> gradients = First;
        foreach (var technique in innermostFirst)
        {
            var next = gradients;
            gradients = () => technique.Gradients(run, Objective, next);
        }

        var value = gradients();
        if (GradientCheck.NonFinite(parameters) is { } path)
        {
            throw NonFinite(
                value,
                $"the gradient of '{path}' is not finite under a loss that is: a root, a logarithm or a quotient on the way has no slope there, "
                + "as the root of a mean squared error of exactly 0 has none. "
                + "Clipping does not help: it makes all gradients not a number");
        }

        return (value, mean.Counted);

        // Each batch goes backward by itself, so that no more than one of them is kept; all together have the gradient of the mean over what counts in them.
        double First()
        {
            (mean, var unit) = (new LossMean(), 0.0);
            foreach (var batch in batches)
            {
                using var scope = NewDisposeScope();
                var (objective, counted) = ObjectiveOf(batch);
                if (counted == 0 && batches.Length > 1)
                {
                    continue;
                }

                var result = objective.ToDouble();
                if (!double.IsFinite(result))
                {
                    statistics.Restore();
                    throw NonFinite(result, Culprit.Of(model, batch.Inputs, batch.Targets, counted, WeightAdvice()));
                }

                mean.Add(result, counted);
                if (unit == 0)
                {
                    optimizer.zero_grad();
                    unit = counted;
                }

                if (batches.Length == 1)
                {
                    objective.backward();
                    return result;
                }

                Scaled(objective, counted / unit).backward();
            }

            if (mean.Counted == 0)
            {
                throw NonFinite(double.NaN, Culprit.Of(model, batches[0].Inputs, batches[0].Targets, counted: 0, WeightAdvice()));
            }

            ScaleGradients(unit / mean.Counted);
            return mean.Value;
        }

        Tensor Objective()
        {
            var objectives = batches.Select(ObjectiveOf).Where(one => one.Counted > 0 || batches.Length == 1).ToList();
            var all = objectives.Sum(one => one.Counted);
            return objectives.Count == 1 ? objectives[0].Objective
                : objectives.Select(one => Scaled(one.Objective, one.Counted / all)).Aggregate(CompilerServices.Fused.Add);
        }
    }

    /// <summary>The objective of a batch, a mean, and what it was divided by.</summary>
    private (Tensor Objective, double Counted) ObjectiveOf(TrainingBatch batch)
    {
        using var watch = new ObjectiveWatch();
        Func<Tensor> compute = () => loss(model.call(batch.Inputs), batch.Targets);
        foreach (var technique in innermostFirst)
        {
            var next = compute;
            compute = () => technique.Objective(run, batch.Inputs, batch.Targets, next);
        }

        var objective = compute();
        return (objective, LossMean.Of(watch, batch.Targets).Counted);
    }

    private static Tensor Scaled(Tensor objective, double factor)
    {
        using var scalar = factor.ToScalar();
        return factor == 1 ? objective : objective.mul(scalar);
    }

    private void ScaleGradients(double factor)
    {
        if (factor == 1)
        {
            return;
        }

        using var noGradients = no_grad();
        using var scalar = factor.ToScalar();
        foreach (var (_, parameter) in parameters)
        {
            using var gradient = parameter.grad;
            gradient?.mul_(scalar);
        }
    }

    private NonFiniteLossException NonFinite(double value, string culprit) =>
        NonFiniteLossException.OfStep(run.Epoch, state.Step + 1, value, culprit, WeightsAfter("The model keeps the weights from before this step."));

    /// <summary>Which weights are left. Nothing is of such that are not finite: those of before are put back, when averages have left their place.</summary>
    private string WeightsAfter(string kept)
    {
        if (Culprit.Weight(model) is null)
        {
            return kept;
        }

        mustRecover = snapshot.IsFinite;
        return mustRecover ? $"The model has the weights from {snapshotOf} again." : "The model is as it was given.";
    }

    private string WeightAdvice()
    {
        if (state.Step == 0)
        {
            return "and was so before the first step: initialize or load it anew";
        }

        var clip = optimizer is RegularizedOptimizer { GradientClip: not null } ? "" : " or declare [GradientClip(1)]";
        return $"since an earlier step made it so: lower the learning rate{clip}";
    }

    private void Measure(long start, double secondsBefore)
    {
        var standIns = techniques.Select(technique => technique.Stand(run)).OfType<IDisposable>().ToList();
        try
        {
            var result = Result(start, secondsBefore, run.StepLog.Close());
            state.Epochs.Add(result);
            foreach (var callback in callbacks)
            {
                callback.Measured(run, result);
            }

            options.Progress?.EpochDone(result, metrics.First);
        }
        finally
        {
            standIns.Reverse();
            standIns.ForEach(standIn => standIn.Dispose());
        }
    }

    private EpochResult Result(long start, double secondsBefore, IReadOnlyList<LoggedResult> logged)
    {
        var seen = Measured("train", sources.Measured);
        var unseen = sources.Validation is null ? null : Measured("validation", sources.Validation);
        return new(
            run.Epoch,
            optimizer.ParamGroups.First().LearningRate,
            stepLoss,
            seen.Loss,
            seen.Metric,
            unseen?.Loss,
            unseen?.Metric,
            secondsBefore + Stopwatch.GetElapsedTime(start).TotalSeconds)
        {
            Metrics = MetricResult.Of(seen, unseen),
            Logged = logged,
        };
    }

    private Measurement Measured(string what, IBatchSource source)
    {
        var result = Measurement.OfAll(model, loss, source, metrics.Metrics, cancellation);
        if (!double.IsFinite(result.Loss))
        {
            throw NonFinite($"{what} loss", source, result.Loss);
        }

        foreach (var part in result.Metrics.SelectMany(metric => metric.All))
        {
            if (part.Value is { } value && !double.IsFinite(value))
            {
                throw NonFinite($"{what} {part.Name}", source, value);
            }
        }

        return result;
    }

    private NonFiniteLossException NonFinite(string what, IBatchSource source, double value)
    {
        var culprit = MeasuredCulprit(source);
        return NonFiniteLossException.OfMeasure(what, run.Epoch, state.Step, value, culprit, WeightsAfter("The model has the weights that were measured."));
    }

    /// <summary>Goes through the data again, to the first batch whose loss is not finite.</summary>
    private string MeasuredCulprit(IBatchSource source)
    {
        using var evaluation = model.EvalScope();
        using var noGradients = no_grad();
        var number = 0;
        foreach (var batch in source.Epoch(0))
        {
            number++;
            using var scope = NewDisposeScope();
            using var watch = new ObjectiveWatch();
            var (inputs, targets) = Placement.On(model, batch);
            var value = loss(model.call(inputs), targets).ToDouble();
            var counted = LossMean.Of(watch, targets).Counted;
            if (counted > 0 && !double.IsFinite(value))
            {
                return $"in batch {number}, {Culprit.Of(model, inputs, targets, counted, WeightAdvice())}";
            }
        }

        return "every loss is finite when it is computed again, so that it is the metric, or the data change from one pass to the next";
    }

    private TrainingHistory Finish()
    {
        run.Epoch = state.Epochs.Count;
        run.Final = state.Epochs[^1];
        stepLoss = run.Final.StepLoss;
        Recovering(() => Tell(static (callback, run) => callback.FitEnds(run)));
        model.eval();
        return new(model.GetType().Name, metrics.First, [.. state.Epochs], run.Final, run.IsStopping);
    }

    private void SaveWhatIsAsked()
    {
        foreach (var file in run.TakeCheckpoints())
        {
            Save(file);
            foreach (var callback in callbacks)
            {
                callback.Saved(run, file);
            }
        }
    }

    private void Save(string file)
    {
        state.RateFactor = run.RateFactor;
        state.Save(file);
    }

    private void Tell(Action<ITrainingCallback, TrainingRun> moment)
    {
        foreach (var callback in callbacks)
        {
            moment(callback, run);
        }
    }
}
